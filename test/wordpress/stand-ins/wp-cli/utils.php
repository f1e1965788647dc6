<?php

namespace WP_CLI\Utils;

/**
 * @param list<array<string, mixed>|object> $items
 * @param list<string>|string $fields
 */
function format_items( string $format, array $items, $fields ): void {
	$fields = is_string( $fields ) ? explode( ',', $fields ) : $fields;
	$rows   = array_map( static fn( $item ) => array_intersect_key( array_merge( array_fill_keys( $fields, null ), (array) $item ), array_flip( $fields ) ), $items );
	if ( 'json' === $format ) {
		\WP_CLI::line( (string) json_encode( array_values( $rows ) ) );
		return;
	}
	\WP_CLI::line( implode( "\t", $fields ) );
	foreach ( $rows as $row ) {
		\WP_CLI::line( implode( "\t", array_map( static fn( $value ) => is_scalar( $value ) || null === $value ? (string) $value : (string) json_encode( $value ), $row ) ) );
	}
}

/** @return mixed */
function get_flag_value( array $options, string $name, $default = null ) {
	return $options[ $name ] ?? $default;
}

/** Draws nothing but its name and its end: there is no terminal. */
function make_progress_bar( string $message, int $count ): object {
	return new class ( $message, $count ) {
		private $message;
		private $count;
		private $done = 0;

		public function __construct( string $message, int $count ) {
			$this->message = $message;
			$this->count   = $count;
		}

		public function tick( int $by = 1 ): void {
			$this->done += $by;
		}

		public function finish(): void {
			fwrite( STDOUT, "$this->message $this->done/$this->count\n" );
		}
	};
}
