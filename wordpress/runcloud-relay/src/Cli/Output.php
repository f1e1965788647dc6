<?php

namespace RunCloudRelay\Cli;

/** Prints rows in the format that a command was given. */
final class Output {
	/**
	 * @param array<string, string>            $options
	 * @param array<int, array<string, mixed>> $rows
	 * @param string[]                         $columns
	 */
	public static function rows( array $options, array $rows, array $columns ): void {
		\WP_CLI\Utils\format_items( self::isJson( $options ) ? 'json' : 'table', $rows, $columns );
	}

	/** @param array<string, string> $options */
	public static function isJson( array $options ): bool {
		return 'json' === ( $options['format'] ?? 'table' );
	}
}
