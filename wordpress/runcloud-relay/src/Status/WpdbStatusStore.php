<?php

namespace RunCloudRelay\Status;

use RunCloudRelay\Storage\Schema;
use wpdb;

final class WpdbStatusStore implements StatusStore {
	private const DAY_MS = 24 * 3600 * 1000;

	private wpdb $wpdb;
	private Schema $schema;

	public function __construct( wpdb $wpdb, Schema $schema ) {
		$this->wpdb = $wpdb;
		$this->schema = $schema;
	}

	public function save( DomainStatus $status ): void {
		$this->ensureRow( $status->domain );
		$this->wpdb->query(
			$this->wpdb->prepare(
				"UPDATE {$this->schema->domains()} SET status = %s, status_ms = %d WHERE domain_hash = %s AND status_ms <= %d",
				(string) wp_json_encode( $status->toJson() ),
				$status->atMs,
				sha1( $status->domain ),
				$status->atMs
			)
		);
	}

	public function find( array $domains ): array {
		$found = [];
		foreach ( array_chunk( array_unique( $domains ), 100 ) as $chunk ) {
			$places = implode( ',', array_fill( 0, count( $chunk ), '%s' ) );
			$rows = $this->wpdb->get_results(
				$this->wpdb->prepare( "SELECT status, status_ms FROM {$this->schema->domains()} WHERE status_ms > 0 AND domain_hash IN ({$places})", array_map( 'sha1', $chunk ) ),
				ARRAY_A
			);
			foreach ( is_array( $rows ) ? $rows : [] as $row ) {
				$json = json_decode( (string) $row['status'], true );
				$status = is_array( $json ) ? DomainStatus::fromJson( $json, (int) $row['status_ms'] ) : null;
				if ( null !== $status ) {
					$found[ $status->domain ] = $status;
				}
			}
		}
		return $found;
	}

	public function mayAsk( string $domain, int $nowMs, int $intervalMs ): bool {
		$this->ensureRow( $domain );
		return 1 === $this->wpdb->query(
			$this->wpdb->prepare( "UPDATE {$this->schema->domains()} SET asked_ms = %d WHERE domain_hash = %s AND asked_ms <= %d", $nowMs, sha1( $domain ), $nowMs - $intervalMs )
		);
	}

	public function countRevival( string $domain, int $nowMs, int $mostInADay ): bool {
		$this->ensureRow( $domain );
		$before = (string) $this->wpdb->get_var( $this->wpdb->prepare( "SELECT revived_ms FROM {$this->schema->domains()} WHERE domain_hash = %s", sha1( $domain ) ) );
		$recent = array_filter( array_map( 'intval', explode( ' ', $before ) ), static fn( int $ms ) => $ms > $nowMs - self::DAY_MS );
		if ( count( $recent ) >= $mostInADay ) {
			return false;
		}
		$after = implode( ' ', array_merge( $recent, [ $nowMs ] ) );
		return 1 === $this->wpdb->query(
			$this->wpdb->prepare( "UPDATE {$this->schema->domains()} SET revived_ms = %s WHERE domain_hash = %s AND revived_ms = %s", $after, sha1( $domain ), $before )
		);
	}

	private function ensureRow( string $domain ): void {
		$this->wpdb->query( $this->wpdb->prepare( "INSERT IGNORE INTO {$this->schema->domains()} (domain_hash, domain) VALUES (%s, %s)", sha1( $domain ), $domain ) );
	}
}
