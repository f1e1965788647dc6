<?php

namespace RunCloudRelay;

/** Finds a class of this plugin by its name: `RunCloudRelay\Queue\Event` is `src/Queue/Event.php`. */
final class Autoloader {
	private const PREFIX = __NAMESPACE__ . '\\';

	public static function register( string $directory ): void {
		spl_autoload_register(
			static function ( string $class ) use ( $directory ): void {
				if ( 0 !== strncmp( $class, self::PREFIX, strlen( self::PREFIX ) ) ) {
					return;
				}
				$path = $directory . '/' . str_replace( '\\', '/', substr( $class, strlen( self::PREFIX ) ) ) . '.php';
				if ( is_file( $path ) ) {
					require $path;
				}
			}
		);
	}
}
