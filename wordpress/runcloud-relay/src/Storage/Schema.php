<?php

namespace RunCloudRelay\Storage;

use wpdb;

/** The tables of this plugin, made on demand: a must-use plugin has no activation. */
final class Schema {
	public const VERSION_OPTION = 'runcloud_relay_schema';
	private const VERSION = 1;

	private wpdb $wpdb;
	private bool $isEnsured = false;

	public function __construct( wpdb $wpdb ) {
		$this->wpdb = $wpdb;
	}

	public function events(): string {
		return $this->table( 'events' );
	}

	public function domains(): string {
		return $this->table( 'domains' );
	}

	/** The ids of outcomes that were taken in. */
	public function outcomes(): string {
		return $this->table( 'outcomes' );
	}

	public function ensure(): void {
		if ( $this->isEnsured ) {
			return;
		}
		$this->isEnsured = true;
		if ( self::VERSION === (int) get_network_option( null, self::VERSION_OPTION, 0 ) ) {
			return;
		}
		require_once ABSPATH . 'wp-admin/includes/upgrade.php';
		dbDelta( $this->statements() );
		update_network_option( null, self::VERSION_OPTION, self::VERSION );
	}

	public function drop(): void {
		$this->isEnsured = true;
		foreach ( [ $this->events(), $this->domains(), $this->outcomes() ] as $table ) {
			$this->wpdb->query( "DROP TABLE IF EXISTS {$table}" );
		}
		delete_network_option( null, self::VERSION_OPTION );
	}

	private function table( string $name ): string {
		$this->ensure();
		return $this->wpdb->base_prefix . 'runcloud_relay_' . $name;
	}

	/**
	 * Names are found by their hash: an index over 253 characters is too long for the oldest row format.
	 *
	 * @return string[]
	 */
	private function statements(): array {
		$charset = $this->wpdb->get_charset_collate();
		return [
			"CREATE TABLE {$this->events()} (
				id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
				webhook_id varchar(128) NOT NULL,
				type varchar(32) NOT NULL,
				domain varchar(253) NOT NULL,
				domain_hash char(40) NOT NULL,
				timestamp_ms bigint(20) NOT NULL,
				body text NOT NULL,
				state varchar(16) NOT NULL,
				tries int(11) NOT NULL DEFAULT 0,
				created_ms bigint(20) NOT NULL,
				due_ms bigint(20) NOT NULL,
				ended_ms bigint(20) NOT NULL DEFAULT 0,
				lease_owner varchar(32) NOT NULL DEFAULT '',
				lease_until_ms bigint(20) NOT NULL DEFAULT 0,
				status int(11) NOT NULL DEFAULT 0,
				note varchar(255) NOT NULL DEFAULT '',
				PRIMARY KEY  (id),
				UNIQUE KEY webhook_id (webhook_id),
				KEY state_due (state,due_ms),
				KEY domain_time (domain_hash,timestamp_ms)
			) {$charset};",
			"CREATE TABLE {$this->domains()} (
				domain_hash char(40) NOT NULL,
				domain varchar(253) NOT NULL,
				last_ms bigint(20) NOT NULL DEFAULT 0,
				confirmed varchar(8) NOT NULL DEFAULT '',
				confirmed_ms bigint(20) NOT NULL DEFAULT 0,
				www tinyint(1) NOT NULL DEFAULT 0,
				native tinyint(1) NOT NULL DEFAULT 0,
				site_id bigint(20) unsigned NOT NULL DEFAULT 0,
				status longtext NULL,
				status_ms bigint(20) NOT NULL DEFAULT 0,
				asked_ms bigint(20) NOT NULL DEFAULT 0,
				revived_ms varchar(64) NOT NULL DEFAULT '',
				PRIMARY KEY  (domain_hash),
				KEY confirmed (confirmed)
			) {$charset};",
			"CREATE TABLE {$this->outcomes()} (
				webhook_hash char(40) NOT NULL,
				seen_ms bigint(20) NOT NULL,
				PRIMARY KEY  (webhook_hash),
				KEY seen_ms (seen_ms)
			) {$charset};",
		];
	}
}
