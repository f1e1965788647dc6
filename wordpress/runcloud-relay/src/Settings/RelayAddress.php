<?php

namespace RunCloudRelay\Settings;

/** The relay's address with the network in it, such as `https://relay.example.org/default`. */
final class RelayAddress {
	private string $base;

	private function __construct( string $base ) {
		$this->base = $base;
	}

	/** Null for what is no https address with a network; plain http is for the same machine only. */
	public static function parse( string $text ): ?self {
		$text = rtrim( trim( $text ), '/' );
		$isUrl = 1 === preg_match( '~^(https?)://([^/?#@\s]+)(/[A-Za-z0-9._/-]*)?/[a-z0-9-]{1,32}$~D', $text, $parts );
		if ( ! $isUrl ) {
			return null;
		}
		$isLoopback = 1 === preg_match( '/^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(:\d+)?$/D', $parts[2] );
		return 'https' === $parts[1] || $isLoopback ? new self( $text ) : null;
	}

	public function url( string $path ): string {
		return $this->base . '/' . $path;
	}

	/** The address itself: no secret. */
	public function base(): string {
		return $this->base;
	}
}
