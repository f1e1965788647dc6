<?php

namespace RunCloudRelay\Names;

/** Host names in the one form in which they are compared, stored and sent, as the relay takes them. */
final class HostName {
	/** Names that no public resolver answers (RFC 6761, RFC 6762, RFC 7686, and `.internal`). */
	private const SPECIAL_SUFFIXES = [ 'local', 'localhost', 'internal', 'test', 'invalid', 'onion' ];

	/** Null for what the relay would refuse. */
	public static function normalize( string $raw ): ?string {
		$name = trim( $raw );
		if ( '' !== $name && 1 === preg_match( '/[\x80-\xFF]/', $name ) ) {
			$name = self::toAscii( $name );
		}
		$name = strtolower( $name );
		$name = '.' === substr( $name, -1 ) ? substr( $name, 0, -1 ) : $name;
		return self::isPublic( $name ) ? $name : null;
	}

	private static function toAscii( string $name ): string {
		if ( ! function_exists( 'idn_to_ascii' ) ) {
			return '';
		}
		$ascii = idn_to_ascii( $name, IDNA_NONTRANSITIONAL_TO_ASCII, INTL_IDNA_VARIANT_UTS46 );
		return is_string( $ascii ) ? $ascii : '';
	}

	private static function isPublic( string $name ): bool {
		$labels = explode( '.', $name );
		$last = end( $labels );
		if ( count( $labels ) < 2 || strlen( $name ) > 253 || in_array( $last, self::SPECIAL_SUFFIXES, true ) ) {
			return false;
		}
		// `127.1` and `0x7f.1` are addresses to every resolver.
		if ( 1 === preg_match( '/^(\d+|0x[\da-f]*)$/D', $last ) ) {
			return false;
		}
		foreach ( $labels as $label ) {
			if ( strlen( $label ) > 63 || 1 !== preg_match( '/^[a-z\d]([a-z\d-]*[a-z\d])?$/D', $label ) ) {
				return false;
			}
		}
		return true;
	}
}
