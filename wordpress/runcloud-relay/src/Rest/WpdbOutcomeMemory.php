<?php

namespace RunCloudRelay\Rest;

use RunCloudRelay\Storage\Schema;
use wpdb;

final class WpdbOutcomeMemory implements OutcomeMemory {
	/** The relay repeats an outcome for 15 hours, each time with a new signature. */
	private const KEEPS_MS = 2 * 24 * 3600 * 1000;

	private wpdb $wpdb;
	private Schema $schema;

	public function __construct( wpdb $wpdb, Schema $schema ) {
		$this->wpdb = $wpdb;
		$this->schema = $schema;
	}

	public function knows( string $webhookId ): bool {
		return null !== $this->wpdb->get_var( $this->wpdb->prepare( "SELECT seen_ms FROM {$this->schema->outcomes()} WHERE webhook_hash = %s", sha1( $webhookId ) ) );
	}

	public function remember( string $webhookId, int $nowMs ): void {
		$this->wpdb->query( $this->wpdb->prepare( "INSERT IGNORE INTO {$this->schema->outcomes()} (webhook_hash, seen_ms) VALUES (%s, %d)", sha1( $webhookId ), $nowMs ) );
		$this->wpdb->query( $this->wpdb->prepare( "DELETE FROM {$this->schema->outcomes()} WHERE seen_ms < %d", $nowMs - self::KEEPS_MS ) );
	}

	public function admit( string $kind, int $mostInAMinute, int $nowMs ): bool {
		$key = 'runcloud_relay_' . $kind . '_' . intdiv( $nowMs, 60000 );
		$count = (int) get_site_transient( $key );
		if ( $count >= $mostInAMinute ) {
			return false;
		}
		set_site_transient( $key, $count + 1, 120 );
		return true;
	}
}
