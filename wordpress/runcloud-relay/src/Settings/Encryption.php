<?php

namespace RunCloudRelay\Settings;

use SodiumException;

/** Keeps what is saved unreadable in a copy of the database. The key comes from the salts of wp-config.php. */
final class Encryption {
	private const MARK = 'v1:';
	private string $key;

	/** @param string $salt secret text of any length */
	public function __construct( string $salt ) {
		$this->key = hash_hmac( 'sha256', 'runcloud-relay credentials', $salt, true );
	}

	public function encrypt( string $plain ): string {
		$nonce = random_bytes( SODIUM_CRYPTO_SECRETBOX_NONCEBYTES );
		return self::MARK . base64_encode( $nonce . sodium_crypto_secretbox( $plain, $nonce, $this->key ) );
	}

	/** Empty for what another key encrypted: it has to be entered again. */
	public function decrypt( string $stored ): string {
		if ( 0 !== strncmp( $stored, self::MARK, strlen( self::MARK ) ) ) {
			return '';
		}
		$bytes = base64_decode( substr( $stored, strlen( self::MARK ) ), true );
		if ( false === $bytes || strlen( $bytes ) <= SODIUM_CRYPTO_SECRETBOX_NONCEBYTES ) {
			return '';
		}
		try {
			$plain = sodium_crypto_secretbox_open( substr( $bytes, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES ), substr( $bytes, 0, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES ), $this->key );
		} catch ( SodiumException $error ) {
			return '';
		}
		return false === $plain ? '' : $plain;
	}

	public function __debugInfo(): array {
		return [];
	}
}
