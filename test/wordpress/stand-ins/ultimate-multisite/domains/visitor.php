<?php

namespace WP_Ultimo\Domain_Mapping;

/**
 * What a visitor of a domain meets, over real DNS packets and a real TLS handshake. The world of the tests lies on this machine:
 * STAND_IN_DNS_SERVER (`ip:port`) resolves its names, and port STAND_IN_TLS_PORT answers in place of port 443.
 */
final class Visitor {
	private const TYPES = [ 1 => 'A', 5 => 'CNAME' ];

	public static function network_address(): string {
		return defined( 'STAND_IN_NETWORK_ADDRESS' ) ? STAND_IN_NETWORK_ADDRESS : '127.0.0.1';
	}

	/** @return list<string> The addresses and aliases of a name. */
	public static function addresses( string $name ): array {
		if ( ! defined( 'STAND_IN_DNS_SERVER' ) ) {
			return [];
		}
		$socket = stream_socket_client( 'udp://' . STAND_IN_DNS_SERVER, $code, $message, 2 );
		stream_set_timeout( $socket, 2 );
		$labels = array_map( static fn( $label ) => chr( strlen( $label ) ) . $label, explode( '.', $name ) );
		fwrite( $socket, pack( 'n6', random_int( 0, 65535 ), 0x0100, 1, 0, 0, 0 ) . implode( '', $labels ) . "\0" . pack( 'n2', 1, 1 ) );
		$answer = (string) fread( $socket, 4096 );
		fclose( $socket );
		return '' === $answer ? [] : self::read( $answer );
	}

	/** A handshake whose certificate is of an authority that this machine trusts, and for this name. */
	public static function meets_valid_certificate( string $name ): bool {
		if ( ! defined( 'STAND_IN_TLS_PORT' ) ) {
			return false;
		}
		$context = stream_context_create( [ 'ssl' => [ 'peer_name' => $name, 'cafile' => STAND_IN_CA_FILE, 'SNI_enabled' => true ] ] );
		$socket  = @stream_socket_client( 'ssl://127.0.0.1:' . STAND_IN_TLS_PORT, $code, $message, 3, STREAM_CLIENT_CONNECT, $context );
		if ( false === $socket ) {
			return false;
		}
		fclose( $socket );
		return true;
	}

	/** @return list<string> */
	private static function read( string $packet ): array {
		$header = unpack( 'nid/nflags/nquestions/nanswers', $packet );
		$at     = 12;
		self::name( $packet, $at );
		$at    += 4;
		$found  = [];
		for ( $left = $header['answers']; $left > 0; --$left ) {
			self::name( $packet, $at );
			$record = unpack( 'ntype/nclass/Nttl/nlength', $packet, $at );
			$at    += 10;
			$type   = self::TYPES[ $record['type'] ] ?? '';
			$start  = $at;
			if ( 'A' === $type ) {
				$found[] = (string) inet_ntop( substr( $packet, $at, 4 ) );
			} elseif ( 'CNAME' === $type ) {
				$found[] = self::name( $packet, $start );
			}
			$at += $record['length'];
		}
		return $found;
	}

	/** Reads a name, and moves behind it; a name may point back to an earlier one (RFC 1035, 4.1.4). */
	private static function name( string $packet, int &$at ): string {
		$labels = [];
		while ( ( $length = ord( $packet[ $at++ ] ) ) > 0 ) {
			if ( $length >= 0xC0 ) {
				$earlier = ( ( $length & 0x3F ) << 8 ) | ord( $packet[ $at++ ] );
				return implode( '.', array_merge( $labels, [ self::name( $packet, $earlier ) ] ) );
			}
			$labels[] = substr( $packet, $at, $length );
			$at      += $length;
		}
		return implode( '.', $labels );
	}
}
