<?php

namespace RunCloudRelay\Queue;

use RunCloudRelay\Storage\Schema;
use RuntimeException;
use wpdb;

final class WpdbDomainStore implements DomainStore {
	private wpdb $wpdb;
	private Schema $schema;

	public function __construct( wpdb $wpdb, Schema $schema ) {
		$this->wpdb = $wpdb;
		$this->schema = $schema;
	}

	public function nextTimestampMs( string $domain, int $nowMs ): int {
		$this->ensureRow( $domain );
		$last = (int) $this->wpdb->get_var( $this->wpdb->prepare( "SELECT last_ms FROM {$this->schema->domains()} WHERE domain_hash = %s", sha1( $domain ) ) );
		$next = max( $nowMs, $last + 1 );
		// An open transaction may read an older value than the one it has to exceed, hence growing steps.
		for ( $step = 1; $step <= 4096; $step *= 2 ) {
			$taken = $this->wpdb->query( $this->wpdb->prepare( "UPDATE {$this->schema->domains()} SET last_ms = %d WHERE domain_hash = %s AND last_ms < %d", $next, sha1( $domain ), $next ) );
			if ( 1 === $taken ) {
				return $next;
			}
			$next += $step;
		}
		throw new RuntimeException( 'No timestamp could be taken for the domain.' );
	}

	public function advance( string $domain, int $timestampMs ): void {
		$this->ensureRow( $domain );
		$this->wpdb->query( $this->wpdb->prepare( "UPDATE {$this->schema->domains()} SET last_ms = %d WHERE domain_hash = %s AND last_ms < %d", $timestampMs, sha1( $domain ), $timestampMs ) );
	}

	public function confirm( Announcement $announcement ): void {
		$this->ensureRow( $announcement->domain );
		$this->wpdb->query(
			$this->wpdb->prepare(
				"UPDATE {$this->schema->domains()} SET confirmed = %s, confirmed_ms = %d, www = %d, native = %d, site_id = %d WHERE domain_hash = %s AND confirmed_ms < %d",
				$announcement->isPresent ? 'present' : 'absent',
				$announcement->timestampMs,
				$announcement->www ? 1 : 0,
				$announcement->native ? 1 : 0,
				$announcement->siteId,
				sha1( $announcement->domain ),
				$announcement->timestampMs
			)
		);
	}

	public function present(): array {
		$rows = $this->wpdb->get_results( "SELECT domain, www, native, site_id, confirmed_ms FROM {$this->schema->domains()} WHERE confirmed = 'present'", ARRAY_A );
		$present = [];
		foreach ( is_array( $rows ) ? $rows : [] as $row ) {
			$present[ $row['domain'] ] = new Announcement( $row['domain'], true, 1 === (int) $row['www'], 1 === (int) $row['native'], (int) $row['site_id'], (int) $row['confirmed_ms'] );
		}
		return $present;
	}

	private function ensureRow( string $domain ): void {
		$this->wpdb->query( $this->wpdb->prepare( "INSERT IGNORE INTO {$this->schema->domains()} (domain_hash, domain) VALUES (%s, %s)", sha1( $domain ), $domain ) );
	}
}
