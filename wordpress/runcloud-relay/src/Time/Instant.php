<?php

namespace RunCloudRelay\Time;

use DateTimeImmutable;
use DateTimeZone;
use Exception;

/** Times on the wire: RFC 3339 in UTC with milliseconds. */
final class Instant {
	public static function format( int $atMs ): string {
		return gmdate( 'Y-m-d\TH:i:s', intdiv( $atMs, 1000 ) ) . sprintf( '.%03dZ', $atMs % 1000 );
	}

	/** Null for what is no RFC 3339 time. */
	public static function parseMs( string $text ): ?int {
		if ( 1 !== preg_match( '/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/', $text ) ) {
			return null;
		}
		try {
			$time = new DateTimeImmutable( $text, new DateTimeZone( 'UTC' ) );
		} catch ( Exception $error ) {
			return null;
		}
		return $time->getTimestamp() * 1000 + intdiv( (int) $time->format( 'u' ), 1000 );
	}
}
