<?php

namespace RunCloudRelay\Http;

/** The header of RFC 9110, 10.2.3: seconds, or a date. */
final class RetryAfter {
	private const MOST_SECONDS = 24 * 3600;

	public static function seconds( string $value, int $nowSeconds ): ?int {
		$value = trim( $value );
		if ( 1 === preg_match( '/^\d{1,9}$/D', $value ) ) {
			return min( (int) $value, self::MOST_SECONDS );
		}
		$at = 1 === preg_match( '/^[A-Za-z]{3,9},? /', $value ) ? strtotime( $value ) : false;
		return false === $at ? null : min( max( 0, $at - $nowSeconds ), self::MOST_SECONDS );
	}
}
