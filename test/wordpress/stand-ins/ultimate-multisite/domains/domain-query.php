<?php

namespace WP_Ultimo\Database\Domains;

use WP_Ultimo\Models\Domain;

/** The table of mappings, and the transition hooks that each change of a row fires. */
final class Domain_Query {
	public const COLUMNS = [ 'blog_id', 'domain', 'active', 'primary_domain', 'secure', 'stage', 'date_created', 'date_modified' ];

	/** The columns whose changes are told, in the order of the schema. */
	public const TRANSITIONS = [ 'domain', 'active', 'primary_domain', 'secure', 'stage' ];

	public static function table(): string {
		return $GLOBALS['wpdb']->base_prefix . 'wu_domain_mappings';
	}

	/** The key of `domain` is not unique: two adds at the same moment make two rows. */
	public static function create_table(): void {
		if ( get_network_option( null, 'stand_in_domains_table' ) ) {
			return;
		}
		$GLOBALS['wpdb']->query(
			'CREATE TABLE IF NOT EXISTS ' . self::table() . " (
				id bigint(20) NOT NULL auto_increment,
				blog_id bigint(20) NOT NULL,
				domain varchar(191) NOT NULL,
				active tinyint(4) default 1,
				primary_domain tinyint(4) default 0,
				secure tinyint(4) default 0,
				stage varchar(32) default 'checking-dns',
				date_created datetime NULL,
				date_modified datetime NULL,
				PRIMARY KEY (id),
				KEY blog_id (blog_id,domain,active),
				KEY domain (domain)
			)"
		);
		update_network_option( null, 'stand_in_domains_table', 1 );
	}

	/** @param array<string, mixed> $row */
	public static function add( array $row ): int {
		global $wpdb;
		$wpdb->insert( self::table(), $row );
		$id = (int) $wpdb->insert_id;
		if ( $id > 0 ) {
			self::tell( $id, $row, [] );
		}
		return $id;
	}

	/**
	 * What has changed is found among the values of all columns: a new 0 or 1 that any old column holds goes unnoticed, while a new
	 * name or stage never does.
	 *
	 * @param array<string, mixed> $row
	 */
	public static function update( int $id, array $row ): bool {
		global $wpdb;
		$old     = $wpdb->get_row( $wpdb->prepare( 'SELECT * FROM ' . self::table() . ' WHERE id = %d', $id ), ARRAY_A );
		$changed = $old ? array_diff( $row, $old ) : [];
		if ( [] === $changed ) {
			return false;
		}
		$wpdb->update( self::table(), $row, [ 'id' => $id ] );
		self::tell( $id, $changed, $old );
		return true;
	}

	/** @return int|false */
	public static function delete( int $id ) {
		return $GLOBALS['wpdb']->delete( self::table(), [ 'id' => $id ] );
	}

	/**
	 * @param array<string, mixed> $query
	 * @return list<Domain>|list<string>|int
	 */
	public static function query( array $query ) {
		global $wpdb;
		$where = [ '1 = 1' ];
		foreach ( [ 'id', 'blog_id', 'domain', 'active', 'primary_domain', 'stage' ] as $column ) {
			if ( isset( $query[ $column ] ) ) {
				$where[] = $wpdb->prepare( "$column = %s", is_bool( $query[ $column ] ) ? (int) $query[ $column ] : $query[ $column ] );
			}
		}
		foreach ( [ 'id__not_in' => 'id', 'stage__not_in' => 'stage' ] as $condition => $column ) {
			foreach ( $query[ $condition ] ?? [] as $value ) {
				$where[] = $wpdb->prepare( "$column <> %s", $value );
			}
		}
		foreach ( [ 'domain__in' => 'domain', 'id__in' => 'id' ] as $condition => $column ) {
			if ( isset( $query[ $condition ] ) ) {
				$values  = array_map( static fn( $value ) => $wpdb->prepare( '%s', $value ), (array) $query[ $condition ] );
				$where[] = "$column IN (" . implode( ',', $values ?: [ "''" ] ) . ')';
			}
		}
		if ( ! empty( $query['count'] ) ) {
			return (int) $wpdb->get_var( 'SELECT COUNT(*) FROM ' . self::table() . ' WHERE ' . implode( ' AND ', $where ) );
		}
		// A hundred unless asked otherwise; 0 or -1 asks for all.
		$number = (int) ( $query['number'] ?? 100 );
		$sql    = 'SELECT * FROM ' . self::table() . ' WHERE ' . implode( ' AND ', $where );
		$sql   .= ' ORDER BY ' . ( in_array( $query['orderby'] ?? '', self::COLUMNS, true ) ? $query['orderby'] : 'id' );
		$sql   .= 'ASC' === strtoupper( $query['order'] ?? 'DESC' ) ? ' ASC' : ' DESC';
		if ( $number > 0 ) {
			$sql .= sprintf( ' LIMIT %d OFFSET %d', $number, $query['offset'] ?? 0 );
		}
		$rows = $wpdb->get_results( $sql );
		if ( 'ids' === ( $query['fields'] ?? '' ) ) {
			return array_map( static fn( $row ) => (string) $row->id, $rows );
		}
		if ( in_array( $query['fields'] ?? '', self::COLUMNS, true ) ) {
			return wp_list_pluck( $rows, $query['fields'] );
		}
		return array_map( static fn( $row ) => new Domain( (array) $row ), $rows );
	}

	/**
	 * @param array<string, mixed> $new
	 * @param array<string, mixed> $old Empty: the row is new.
	 */
	private static function tell( int $id, array $new, array $old ): void {
		foreach ( self::TRANSITIONS as $column ) {
			if ( array_key_exists( $column, $new ) ) {
				do_action( "wu_transition_domain_$column", [] === $old ? 'new' : $old[ $column ], $new[ $column ], $id );
			}
		}
	}
}
