<?php

// The pure parts need no WordPress. What needs one is tested in a real network (test/wordpress).
define( 'RUNCLOUD_RELAY_VERSION', 'test' );
require_once dirname( __DIR__ ) . '/runcloud-relay/src/Autoloader.php';
RunCloudRelay\Autoloader::register( dirname( __DIR__ ) . '/runcloud-relay/src' );

spl_autoload_register(
	static function ( string $class ): void {
		$prefix = 'RunCloudRelay\Tests\\';
		$path = __DIR__ . '/' . str_replace( '\\', '/', substr( $class, strlen( $prefix ) ) ) . '.php';
		if ( 0 === strncmp( $class, $prefix, strlen( $prefix ) ) && is_file( $path ) ) {
			require $path;
		}
	}
);

/** Without translations, as WordPress does in English. */
function __( string $text, string $domain = 'default' ): string {
	return $text;
}
