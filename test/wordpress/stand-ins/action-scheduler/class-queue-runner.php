<?php

/** Runs what is due: a batch is claimed at once, so that two runners never take the same action. */
final class ActionScheduler_QueueRunner {
	private const BATCH_SIZE      = 25;
	private const TIMEOUT_SECONDS = 300;

	public static function instance(): self {
		static $instance = null;
		return $instance ?? $instance = new self();
	}

	/** @return int How many actions ran. */
	public function run(): int {
		$this->give_up_what_never_ended();
		$count = 0;
		while ( $claimed = $this->claim() ) {
			foreach ( $claimed as $row ) {
				$this->process( $row );
				++$count;
			}
		}
		return $count;
	}

	/** A process that was killed leaves its action in progress. It is not run again: it fails after five minutes. */
	private function give_up_what_never_ended(): void {
		global $wpdb;
		$table  = ActionScheduler_Store::table();
		$before = time() - self::TIMEOUT_SECONDS;
		$wpdb->query( $wpdb->prepare( "UPDATE $table SET status = 'failed', message = 'timed out' WHERE status = 'in-progress' AND last_attempt_at < %d", $before ) );
		$wpdb->query( $wpdb->prepare( "UPDATE $table SET claim_id = '' WHERE status = 'pending' AND claim_id <> '' AND last_attempt_at < %d", $before ) );
	}

	/** @return list<object> */
	private function claim(): array {
		global $wpdb;
		$table = ActionScheduler_Store::table();
		$claim = wp_generate_uuid4();
		$ids   = $wpdb->get_col( $wpdb->prepare( "SELECT action_id FROM $table WHERE status = 'pending' AND claim_id = '' AND scheduled_at <= %d ORDER BY attempts, scheduled_at, action_id LIMIT %d", time(), self::BATCH_SIZE ) );
		foreach ( $ids as $id ) {
			$wpdb->query( $wpdb->prepare( "UPDATE $table SET claim_id = %s, last_attempt_at = %d WHERE action_id = %d AND claim_id = '' AND status = 'pending'", $claim, time(), $id ) );
		}
		return $wpdb->get_results( $wpdb->prepare( "SELECT * FROM $table WHERE claim_id = %s AND status = 'pending' ORDER BY scheduled_at, action_id", $claim ) );
	}

	private function process( object $row ): void {
		$id      = (int) $row->action_id;
		$changes = [ 'status' => ActionScheduler_Store::STATUS_RUNNING, 'attempts' => $row->attempts + 1, 'last_attempt_at' => time() ];
		ActionScheduler_Store::update( $id, $changes );
		try {
			if ( ! has_action( $row->hook ) ) {
				throw new RuntimeException( 'no callbacks are registered for ' . $row->hook );
			}
			// By position, whatever the keys.
			do_action_ref_array( $row->hook, array_values( json_decode( $row->args, true ) ) );
			ActionScheduler_Store::update( $id, [ 'status' => ActionScheduler_Store::STATUS_COMPLETE ] );
		} catch ( Throwable $error ) {
			ActionScheduler_Store::update( $id, [ 'status' => ActionScheduler_Store::STATUS_FAILED, 'message' => $error->getMessage() ] );
		}
		if ( $row->interval_seconds > 0 ) {
			ActionScheduler_Store::add( $row->hook, json_decode( $row->args, true ), $row->group_slug, time() + (int) $row->interval_seconds, (int) $row->interval_seconds );
		}
	}
}
