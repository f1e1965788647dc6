<?php

namespace RunCloudRelay\Webhook;

/** The keys of `whsec_…` secrets; several, separated by blanks, while one replaces another. */
final class RelaySecret {
	/** @var string[] */
	private array $keys;

	/** @param string[] $keys */
	private function __construct( array $keys ) {
		$this->keys = $keys;
	}

	/** Null if any part is malformed: a secret that is half right would fail only once the other half is needed. */
	public static function parse( string $text ): ?self {
		$keys = [];
		foreach ( preg_split( '/\s+/', $text, -1, PREG_SPLIT_NO_EMPTY ) ?: [] as $secret ) {
			if ( 1 !== preg_match( '/^whsec_([A-Za-z0-9+\/]+={0,2})$/D', $secret, $parts ) ) {
				return null;
			}
			$key = base64_decode( $parts[1], true );
			if ( false === $key || '' === $key ) {
				return null;
			}
			$keys[] = $key;
		}
		return [] === $keys ? null : new self( $keys );
	}

	/** @return string[] */
	public function keys(): array {
		return $this->keys;
	}

	/** Keeps the keys out of dumps and stack traces. */
	public function __debugInfo(): array {
		return [ 'keys' => count( $this->keys ) ];
	}
}
