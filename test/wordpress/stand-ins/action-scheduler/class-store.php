<?php

/** The actions of the current site. */
final class ActionScheduler_Store {
	public const STATUS_COMPLETE = 'complete';
	public const STATUS_PENDING  = 'pending';
	public const STATUS_RUNNING  = 'in-progress';
	public const STATUS_FAILED   = 'failed';
	public const STATUS_CANCELED = 'canceled';

	public static function table(): string {
		return $GLOBALS['wpdb']->prefix . 'actionscheduler_actions';
	}

	public static function create_table(): void {
		global $wpdb;
		$table = self::table();
		if ( get_option( 'stand_in_actions_table' ) === $table ) {
			return;
		}
		$wpdb->query(
			"CREATE TABLE IF NOT EXISTS $table (
				action_id bigint(20) unsigned NOT NULL auto_increment,
				hook varchar(191) NOT NULL,
				status varchar(20) NOT NULL,
				scheduled_at bigint(20) NOT NULL,
				interval_seconds bigint(20) NOT NULL DEFAULT 0,
				args longtext NOT NULL,
				group_slug varchar(191) NOT NULL DEFAULT '',
				claim_id varchar(40) NOT NULL DEFAULT '',
				attempts int NOT NULL DEFAULT 0,
				last_attempt_at bigint(20) NOT NULL DEFAULT 0,
				message text,
				PRIMARY KEY (action_id)
			)"
		);
		update_option( 'stand_in_actions_table', $table );
	}

	public static function add( string $hook, array $args, string $group, int $at, int $interval = 0 ): int {
		global $wpdb;
		$wpdb->insert(
			self::table(),
			[
				'hook'             => $hook,
				'status'           => self::STATUS_PENDING,
				'scheduled_at'     => $at,
				'interval_seconds' => $interval,
				'args'             => wp_json_encode( $args ),
				'group_slug'       => $group,
			]
		);
		return (int) $wpdb->insert_id;
	}

	/**
	 * @param array<string, mixed> $query hook, status, group and args; `null` or absent: any.
	 * @return list<object>
	 */
	public static function find( array $query ): array {
		global $wpdb;
		$rows = $wpdb->get_results( 'SELECT * FROM ' . self::table() . ' ORDER BY scheduled_at, action_id' );
		return array_values(
			array_filter(
				$rows,
				static function ( $row ) use ( $query ) {
					return ( empty( $query['hook'] ) || $row->hook === $query['hook'] )
						&& ( empty( $query['status'] ) || in_array( $row->status, (array) $query['status'], true ) )
						&& ( empty( $query['group'] ) || $row->group_slug === $query['group'] )
						&& ( ! isset( $query['args'] ) || $row->args === wp_json_encode( $query['args'] ) );
				}
			)
		);
	}

	/** @param array<string, mixed> $changes */
	public static function update( int $id, array $changes ): void {
		$GLOBALS['wpdb']->update( self::table(), $changes, [ 'action_id' => $id ] );
	}
}
