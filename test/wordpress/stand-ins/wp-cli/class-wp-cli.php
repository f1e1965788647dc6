<?php

/** What commands call. */
final class WP_CLI {
	private static $commands = [];

	/** @param object|class-string|callable $command */
	public static function add_command( string $name, $command, array $args = [] ): bool {
		self::$commands[ $name ] = $command;
		return true;
	}

	public static function line( string $message = '' ): void {
		fwrite( STDOUT, $message . "\n" );
	}

	public static function log( string $message ): void {
		self::line( $message );
	}

	public static function success( string $message ): void {
		self::line( 'Success: ' . $message );
	}

	public static function warning( $message ): void {
		fwrite( STDERR, 'Warning: ' . $message . "\n" );
	}

	/** @param string|WP_Error $message */
	public static function error( $message, $exit = true ): void {
		fwrite( STDERR, 'Error: ' . ( is_wp_error( $message ) ? $message->get_error_message() : $message ) . "\n" );
		if ( false !== $exit ) {
			exit( is_int( $exit ) ? $exit : 1 );
		}
	}

	public static function halt( int $code ): void {
		exit( $code );
	}

	public static function confirm( string $question, array $options = [] ): void {
		if ( empty( $options['yes'] ) ) {
			fwrite( STDOUT, $question . ' [y/n] ' );
			if ( 'y' !== strtolower( trim( (string) fgets( STDIN ) ) ) ) {
				exit( 0 );
			}
		}
	}

	/** @param list<string> $words */
	public static function run( array $words ): int {
		$options = [];
		$args    = [];
		foreach ( $words as $word ) {
			if ( 1 === preg_match( '/^--([^=]+)(?:=(.*))?$/s', $word, $parts ) ) {
				$options[ $parts[1] ] = $parts[2] ?? true;
			} else {
				$args[] = $word;
			}
		}
		$command = self::$commands[ array_shift( $args ) ] ?? null;
		if ( null === $command ) {
			self::error( 'This is not a registered wp command.' );
		}
		$object = is_string( $command ) ? new $command() : $command;
		$method = self::method_of( $object, (string) array_shift( $args ) );
		$object->$method( $args, $options );
		return 0;
	}

	/** A public method, or the one whose comment has `@subcommand` and the name; a trailing underscore is not part of it. */
	private static function method_of( object $command, string $name ): string {
		foreach ( ( new ReflectionClass( $command ) )->getMethods( ReflectionMethod::IS_PUBLIC ) as $method ) {
			$is_named = 1 === preg_match( '/@subcommand\s+(\S+)/', (string) $method->getDocComment(), $parts );
			if ( ! $method->isConstructor() && $name === ( $is_named ? $parts[1] : rtrim( $method->getName(), '_' ) ) ) {
				return $method->getName();
			}
		}
		self::error( "'$name' is not a registered subcommand." );
	}
}
