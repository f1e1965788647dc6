<?php

/**
 * A stand-in of Action Scheduler, which Ultimate Multisite brings along and no registry has. It keeps what a plugin can notice: one
 * table per site, actions claimed in batches, nothing stored before `init` 1, no second try after an exception, an action that runs
 * for more than five minutes given up, and a queue that WP-Cron starts every minute.
 */
if ( function_exists( 'as_enqueue_async_action' ) ) {
	return;
}
require __DIR__ . '/class-store.php';
require __DIR__ . '/class-action.php';
require __DIR__ . '/class-queue-runner.php';
require __DIR__ . '/functions.php';

final class ActionScheduler {
	/** Before `init` 1 every function of it does nothing and returns 0. */
	public static function is_initialized(): bool {
		return did_action( 'action_scheduler_init' ) > 0;
	}
}

add_action(
	'init',
	static function (): void {
		ActionScheduler_Store::create_table();
		do_action( 'action_scheduler_init' );
	},
	1
);
add_filter(
	'cron_schedules',
	static function ( $schedules ) {
		$schedules['every_minute'] = [ 'interval' => 60, 'display' => 'Every minute' ];
		return $schedules;
	}
);
add_action(
	'init',
	static function (): void {
		if ( is_main_site() && ! wp_next_scheduled( 'action_scheduler_run_queue' ) ) {
			wp_schedule_event( time(), 'every_minute', 'action_scheduler_run_queue', [ 'WP Cron' ] );
		}
	},
	10
);
add_action( 'action_scheduler_run_queue', static fn() => ActionScheduler_QueueRunner::instance()->run() );
