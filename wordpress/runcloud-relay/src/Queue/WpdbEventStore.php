<?php

namespace RunCloudRelay\Queue;

use RunCloudRelay\Storage\Schema;
use RunCloudRelay\Text\Excerpt;
use RuntimeException;
use wpdb;

final class WpdbEventStore implements EventStore {
	private wpdb $wpdb;
	private Schema $schema;

	public function __construct( wpdb $wpdb, Schema $schema ) {
		$this->wpdb = $wpdb;
		$this->schema = $schema;
	}

	public function add( Event $event, int $dueMs ): void {
		$added = $this->wpdb->insert(
			$this->schema->events(),
			[
				'webhook_id' => $event->webhookId,
				'type' => $event->type,
				'domain' => $event->domain,
				'domain_hash' => sha1( $event->domain ),
				'timestamp_ms' => $event->timestampMs,
				'body' => $event->body,
				'state' => Settlement::WAITING,
				'created_ms' => $event->createdMs,
				'due_ms' => $dueMs,
			]
		);
		if ( 1 !== $added ) {
			throw new RuntimeException( 'The event could not be written to the database.' );
		}
	}

	public function latestOf( string $domain ): ?Event {
		$row = $this->wpdb->get_row(
			$this->wpdb->prepare( "SELECT * FROM {$this->schema->events()} WHERE domain_hash = %s ORDER BY timestamp_ms DESC, id DESC LIMIT 1", sha1( $domain ) ),
			ARRAY_A
		);
		return is_array( $row ) ? self::eventOf( $row ) : null;
	}

	public function claim( string $owner, int $nowMs, int $leaseMs ): ?Event {
		$isFree = 'state = %s AND due_ms <= %d AND lease_until_ms <= %d';
		// Others may take the same row at the same moment: then its next one is tried.
		for ( $try = 0; $try < 20; $try++ ) {
			$row = $this->wpdb->get_row(
				$this->wpdb->prepare( "SELECT * FROM {$this->schema->events()} WHERE {$isFree} ORDER BY due_ms, id LIMIT 1", Settlement::WAITING, $nowMs, $nowMs ),
				ARRAY_A
			);
			if ( ! is_array( $row ) ) {
				return null;
			}
			$claimed = $this->wpdb->query(
				$this->wpdb->prepare(
					"UPDATE {$this->schema->events()} SET lease_owner = %s, lease_until_ms = %d, tries = tries + 1 WHERE id = %d AND tries = %d AND {$isFree}",
					$owner,
					$nowMs + $leaseMs,
					$row['id'],
					$row['tries'],
					Settlement::WAITING,
					$nowMs,
					$nowMs
				)
			);
			if ( 1 === $claimed ) {
				$event = self::eventOf( $row );
				++$event->tries;
				return $event;
			}
		}
		return null;
	}

	public function settle( Event $event, string $owner, Settlement $settlement, int $nowMs ): bool {
		$isOver = Settlement::WAITING !== $settlement->state;
		return 1 === $this->wpdb->update(
			$this->schema->events(),
			[
				'state' => $settlement->state,
				'due_ms' => $isOver ? $nowMs : $settlement->dueMs,
				'ended_ms' => $isOver ? $nowMs : 0,
				'lease_owner' => '',
				'lease_until_ms' => 0,
				'status' => $settlement->status,
				'note' => Excerpt::of( $settlement->note, 250 ),
			],
			[
				'webhook_id' => $event->webhookId,
				'lease_owner' => $owner,
				'tries' => $event->tries,
			]
		);
	}

	public function refusalOf( string $domain ): ?int {
		$row = $this->wpdb->get_row(
			$this->wpdb->prepare( "SELECT state, status FROM {$this->schema->events()} WHERE domain_hash = %s ORDER BY timestamp_ms DESC, id DESC LIMIT 1", sha1( $domain ) ),
			ARRAY_A
		);
		$isRefused = is_array( $row ) && in_array( $row['state'], [ Settlement::FAILED, Settlement::DISMISSED ], true ) && $row['status'] >= 300 && $row['status'] < 500 && 429 !== (int) $row['status'];
		return $isRefused ? (int) $row['status'] : null;
	}

	public function lastFailure(): ?array {
		$row = $this->wpdb->get_row( $this->wpdb->prepare( "SELECT status, note, domain FROM {$this->schema->events()} WHERE state = %s ORDER BY ended_ms DESC, id DESC LIMIT 1", Settlement::FAILED ), ARRAY_A );
		return is_array( $row ) ? [
			'status' => (int) $row['status'],
			'note' => (string) $row['note'],
			'domain' => (string) $row['domain'],
		] : null;
	}

	public function nextDueMs(): ?int {
		$free = 'CASE WHEN lease_until_ms > due_ms THEN lease_until_ms ELSE due_ms END';
		$dueMs = $this->wpdb->get_var( $this->wpdb->prepare( "SELECT MIN({$free}) FROM {$this->schema->events()} WHERE state = %s", Settlement::WAITING ) );
		return null === $dueMs ? null : (int) $dueMs;
	}

	public function dismissFailures(): void {
		$this->wpdb->update( $this->schema->events(), [ 'state' => Settlement::DISMISSED ], [ 'state' => Settlement::FAILED ] );
	}

	public function reopenFailed( int $nowMs ): void {
		$this->reopen( '', $nowMs );
	}

	public function reopenGivenUp( int $nowMs ): void {
		$this->reopen( 'AND status NOT IN (400, 422)', $nowMs );
	}

	public function forgetFailures( string $domain, int $beforeTimestampMs ): void {
		$this->wpdb->query(
			$this->wpdb->prepare(
				"UPDATE {$this->schema->events()} SET state = %s WHERE state IN (%s, %s) AND domain_hash = %s AND timestamp_ms < %d",
				Settlement::DROPPED,
				Settlement::FAILED,
				Settlement::DISMISSED,
				sha1( $domain ),
				$beforeTimestampMs
			)
		);
	}

	public function purge( int $endedBeforeMs ): void {
		$this->wpdb->query( $this->wpdb->prepare( "DELETE FROM {$this->schema->events()} WHERE state <> %s AND ended_ms < %d", Settlement::WAITING, $endedBeforeMs ) );
	}

	public function counts(): array {
		$rows = $this->wpdb->get_results( "SELECT state, COUNT(*) AS events FROM {$this->schema->events()} GROUP BY state", ARRAY_A );
		return array_map( 'intval', array_column( is_array( $rows ) ? $rows : [], 'events', 'state' ) );
	}

	public function recent( int $limit, ?string $domain = null ): array {
		$where = null === $domain ? '' : $this->wpdb->prepare( 'WHERE domain_hash = %s', sha1( $domain ) );
		$rows = $this->wpdb->get_results( $this->wpdb->prepare( "SELECT * FROM {$this->schema->events()} {$where} ORDER BY id DESC LIMIT %d", $limit ), ARRAY_A );
		return array_map(
			static function ( array $row ): array {
				return [
					'type' => (string) $row['type'],
					'domain' => (string) $row['domain'],
					'state' => (string) $row['state'],
					'tries' => (int) $row['tries'],
					'note' => (string) $row['note'],
					'at' => (int) $row['timestamp_ms'],
					'due' => (int) $row['due_ms'],
				];
			},
			is_array( $rows ) ? $rows : []
		);
	}

	private function reopen( string $condition, int $nowMs ): void {
		$this->wpdb->query(
			$this->wpdb->prepare( "UPDATE {$this->schema->events()} SET state = %s, due_ms = %d, created_ms = %d, ended_ms = 0, tries = 0 WHERE state = %s {$condition}", Settlement::WAITING, $nowMs, $nowMs, Settlement::FAILED )
		);
	}

	/** @param array<string, string|null> $row */
	private static function eventOf( array $row ): Event {
		return new Event(
			(string) $row['webhook_id'],
			(string) $row['type'],
			(string) $row['domain'],
			(int) $row['timestamp_ms'],
			(string) $row['body'],
			(int) $row['created_ms'],
			(int) $row['tries'],
			Settlement::WAITING === $row['state']
		);
	}
}
