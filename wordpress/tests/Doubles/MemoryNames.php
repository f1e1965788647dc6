<?php

namespace RunCloudRelay\Tests\Doubles;

use RunCloudRelay\Names\ExemptNames;
use RunCloudRelay\Names\HeldName;
use RunCloudRelay\Names\HeldNames;

final class MemoryNames implements HeldNames {
	/** @var array<string, HeldName> */
	private array $held = [];

	public function hold( string $domain, bool $www = false ): HeldName {
		return $this->held[ $domain ] = new HeldName( $domain, 12, 57, $www, false );
	}

	public function release( string $domain ): void {
		unset( $this->held[ $domain ] );
	}

	public function find( string $domain ): ?HeldName {
		return $this->held[ $domain ] ?? null;
	}

	public function all(): iterable {
		return array_values( $this->held );
	}

	public function isExempt( string $domain ): bool {
		return ( new ExemptNames( [ 'network.org' ] ) )->contains( $domain );
	}
}
