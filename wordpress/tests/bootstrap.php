<?php

// The pure parts need no WordPress. What needs one is tested in a real network (test/wordpress).
define( 'RUNCLOUD_RELAY_VERSION', 'test' );

// Every warning is a failure. PHPUnit may be older than the newest PHP: what that PHP finds old in PHPUnit itself is no fault of ours.
set_error_handler(
	static function ( int $level, string $message, string $file, int $line ): bool {
		$isDeprecation = 0 !== ( $level & ( E_DEPRECATED | E_USER_DEPRECATED ) );
		if ( 0 === ( error_reporting() & $level ) || ( $isDeprecation && 0 !== strpos( $file, dirname( __DIR__ ) ) ) ) {
			return true;
		}
		throw new ErrorException( $message, 0, $level, $file, $line );
	}
);

require_once dirname( __DIR__ ) . '/runcloud-relay/src/Autoloader.php';
RunCloudRelay\Autoloader::register( dirname( __DIR__ ) . '/runcloud-relay/src' );

// A deprecation, warning or notice of our own is a fault. PHPUnit's own, on versions of PHP newer than it, are not ours.
set_error_handler(
	static function ( int $level, string $message, string $file, int $line ): bool {
		if ( 0 === strpos( $file, dirname( __DIR__ ) . '/' ) ) {
			throw new ErrorException( $message, 0, $level, $file, $line );
		}
		return E_DEPRECATED === $level;
	}
);

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

function esc_html( string $text ): string {
	return htmlspecialchars( $text, ENT_QUOTES );
}

function esc_attr( string $text ): string {
	return htmlspecialchars( $text, ENT_QUOTES );
}

function human_time_diff( int $from, int $to ): string {
	return ( $to - $from ) . ' s';
}
