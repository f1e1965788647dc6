<?php

namespace RunCloudRelay\Tests\Doubles;

use RunCloudRelay\Queue\Announcement;
use RunCloudRelay\Queue\DomainStore;

final class MemoryDomains implements DomainStore {
	/** @var array<string, int> */
	private array $last = [];
	/** @var array<string, Announcement> */
	private array $confirmed = [];

	public function nextTimestampMs( string $domain, int $nowMs ): int {
		return $this->last[ $domain ] = max( $nowMs, ( $this->last[ $domain ] ?? 0 ) + 1 );
	}

	public function advance( string $domain, int $timestampMs ): void {
		$this->last[ $domain ] = max( $timestampMs, $this->last[ $domain ] ?? 0 );
	}

	public function confirm( Announcement $announcement ): void {
		if ( $announcement->timestampMs > ( $this->confirmed[ $announcement->domain ]->timestampMs ?? 0 ) ) {
			$this->confirmed[ $announcement->domain ] = $announcement;
		}
	}

	public function present(): array {
		return array_filter( $this->confirmed, static fn( Announcement $announcement ) => $announcement->isPresent );
	}
}
