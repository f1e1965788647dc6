<?php

namespace RunCloudRelay\Settings;

/** Keeps what is saved unreadable in a copy of the database. The key comes from the salts of wp-config.php. */
final class Encryption {
	private const MARK = 'v1:';
	private const CIPHER = 'aes-256-gcm';
	private const NONCE_BYTES = 12;
	private const TAG_BYTES = 16;

	private string $key;

	/** @param string $salt secret text of any length */
	public function __construct( string $salt ) {
		$this->key = hash_hmac( 'sha256', 'runcloud-relay credentials', $salt, true );
	}

	/** Without PHP's openssl only constants can be used. */
	public static function isThere(): bool {
		return function_exists( 'openssl_encrypt' );
	}

	public function encrypt( string $plain ): string {
		$nonce = random_bytes( self::NONCE_BYTES );
		$tag = '';
		$hidden = (string) openssl_encrypt( $plain, self::CIPHER, $this->key, OPENSSL_RAW_DATA, $nonce, $tag, '', self::TAG_BYTES );
		return self::MARK . base64_encode( $nonce . $tag . $hidden );
	}

	/** Empty for what another key encrypted: it has to be entered again. */
	public function decrypt( string $stored ): string {
		if ( 0 !== strncmp( $stored, self::MARK, strlen( self::MARK ) ) || ! self::isThere() ) {
			return '';
		}
		$bytes = base64_decode( substr( $stored, strlen( self::MARK ) ), true );
		if ( false === $bytes || strlen( $bytes ) <= self::NONCE_BYTES + self::TAG_BYTES ) {
			return '';
		}
		$nonce = substr( $bytes, 0, self::NONCE_BYTES );
		$tag = substr( $bytes, self::NONCE_BYTES, self::TAG_BYTES );
		$plain = openssl_decrypt( substr( $bytes, self::NONCE_BYTES + self::TAG_BYTES ), self::CIPHER, $this->key, OPENSSL_RAW_DATA, $nonce, $tag );
		return false === $plain ? '' : $plain;
	}

	/** Keeps the key out of dumps and stack traces. */
	public function __debugInfo(): array {
		return [];
	}
}
