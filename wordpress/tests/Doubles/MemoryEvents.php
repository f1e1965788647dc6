<?php

namespace RunCloudRelay\Tests\Doubles;

use RunCloudRelay\Queue\Event;
use RunCloudRelay\Queue\EventStore;
use RunCloudRelay\Queue\Settlement;

final class MemoryEvents implements EventStore {
	/** @var array<string, array{event: Event, due: int, owner: string, lease: int, settlement: Settlement|null}> */
	private array $rows = [];

	public function add( Event $event, int $dueMs ): void {
		$this->rows[ $event->webhookId ] = [
			'event' => $event,
			'due' => $dueMs,
			'owner' => '',
			'lease' => 0,
			'settlement' => null,
		];
	}

	/** @return Event[] in the order in which they came */
	public function all(): array {
		return array_column( array_values( $this->rows ), 'event' );
	}

	public function dueMs( Event $event ): int {
		return $this->rows[ $event->webhookId ]['due'];
	}

	public function latestOf( string $domain ): ?Event {
		$latest = null;
		foreach ( $this->all() as $event ) {
			if ( $event->domain === $domain && ( null === $latest || $event->timestampMs >= $latest->timestampMs ) ) {
				$latest = $event;
			}
		}
		return $latest;
	}

	public function claim( string $owner, int $nowMs, int $leaseMs ): ?Event {
		foreach ( $this->rows as &$row ) {
			if ( $row['event']->isWaiting && $row['due'] <= $nowMs && $row['lease'] <= $nowMs ) {
				$row['owner'] = $owner;
				$row['lease'] = $nowMs + $leaseMs;
				++$row['event']->tries;
				return $row['event'];
			}
		}
		return null;
	}

	public function settle( Event $event, string $owner, Settlement $settlement, int $nowMs ): bool {
		$row = &$this->rows[ $event->webhookId ];
		if ( $row['owner'] !== $owner ) {
			return false;
		}
		$row['settlement'] = $settlement;
		$row['lease'] = 0;
		$row['due'] = $settlement->dueMs;
		$event->isWaiting = Settlement::WAITING === $settlement->state;
		return true;
	}

	public function refusalOf( string $domain ): ?int {
		$latest = $this->latestOf( $domain );
		$settlement = null === $latest ? null : $this->rows[ $latest->webhookId ]['settlement'];
		return self::isFailed( $settlement ) && $settlement->status >= 300 && $settlement->status < 500 ? $settlement->status : null;
	}

	public function lastFailure(): ?array {
		return null;
	}

	public function nextDueMs(): ?int {
		$due = array_map( static fn( array $row ) => max( $row['due'], $row['lease'] ), array_filter( $this->rows, static fn( array $row ) => $row['event']->isWaiting ) );
		return [] === $due ? null : min( $due );
	}

	public function reopenFailed( int $nowMs ): void {
		$this->reopen( static fn() => true, $nowMs );
	}

	public function reopenGivenUp( int $nowMs ): void {
		$this->reopen( static fn( Settlement $settlement ) => ! in_array( $settlement->status, [ 400, 422 ], true ), $nowMs );
	}

	public function forgetFailures( string $domain, int $beforeTimestampMs ): void {
		foreach ( $this->rows as &$row ) {
			if ( self::isFailed( $row['settlement'] ) && $row['event']->domain === $domain && $row['event']->timestampMs < $beforeTimestampMs ) {
				$row['settlement'] = Settlement::dropped( '' );
			}
		}
	}

	public function purge( int $endedBeforeMs ): void {}

	public function counts(): array {
		return [];
	}

	public function dismissFailures(): void {}

	public function recent( int $limit, ?string $domain = null ): array {
		return [];
	}

	/** @param callable(Settlement): bool $isMeant */
	private function reopen( callable $isMeant, int $nowMs ): void {
		foreach ( $this->rows as &$row ) {
			if ( self::isFailed( $row['settlement'] ) && $isMeant( $row['settlement'] ) ) {
				$row['settlement'] = null;
				$row['due'] = $nowMs;
				$row['event']->isWaiting = true;
				$row['event']->tries = 0;
			}
		}
	}

	private static function isFailed( ?Settlement $settlement ): bool {
		return null !== $settlement && Settlement::FAILED === $settlement->state;
	}
}
