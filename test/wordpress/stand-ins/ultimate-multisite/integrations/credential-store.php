<?php

namespace WP_Ultimo\Helpers;

/** Credentials in the database, encrypted by the site's own salt. */
final class Credential_Store {
	private const PREFIX = '$wu_enc$';

	public static function encrypt( string $value ): string {
		if ( '' === $value ) {
			return '';
		}
		$start = random_bytes( 16 );
		return self::PREFIX . base64_encode( $start . openssl_encrypt( $value, 'aes-256-cbc', self::key(), 0, $start ) );
	}

	public static function decrypt( string $value ): string {
		if ( 0 !== strpos( $value, self::PREFIX ) ) {
			return $value;
		}
		$bytes = (string) base64_decode( substr( $value, strlen( self::PREFIX ) ), true );
		return (string) openssl_decrypt( substr( $bytes, 16 ), 'aes-256-cbc', self::key(), 0, substr( $bytes, 0, 16 ) );
	}

	private static function key(): string {
		return hash( 'sha256', wp_salt( 'auth' ), true );
	}
}
