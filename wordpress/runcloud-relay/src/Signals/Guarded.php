<?php

namespace RunCloudRelay\Signals;

use Throwable;

/** Runs a callback of a hook so that whatever fails in it stays in it: other plugins wait on the same hook. */
final class Guarded {
	/** @var array<string, true> */
	private static array $logged = [];

	public static function call( callable $action ): void {
		try {
			$action();
		} catch ( Throwable $error ) {
			self::log( $error );
		}
	}

	/** Once in a request: a fault that repeats must not fill a disk. Class and place only, messages may hold data. */
	public static function log( Throwable $error ): void {
		$line = sprintf( 'runcloud-relay: %s at %s:%d', get_class( $error ), basename( $error->getFile() ), $error->getLine() );
		if ( ! isset( self::$logged[ $line ] ) ) {
			self::$logged[ $line ] = true;
			error_log( $line );
		}
	}
}
