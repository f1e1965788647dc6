<?php

namespace RunCloudRelay\Queue;

/** WP-Cron, where there is no Action Scheduler. */
final class CronWakeup implements Wakeup {
	public const EVERY_FIVE_MINUTES = 'runcloud_relay_five_minutes';

	public function wakeAt( int $atMs ): void {
		$at = (int) ceil( $atMs / 1000 );
		OnMainSite::run(
			static function () use ( $at ): void {
				$next = wp_next_scheduled( self::SEND_HOOK );
				if ( false !== $next && $next <= $at ) {
					return;
				}
				if ( false !== $next ) {
					wp_unschedule_event( $next, self::SEND_HOOK );
				}
				wp_schedule_single_event( $at, self::SEND_HOOK );
			}
		);
	}

	public function reconcileSoon(): void {
		OnMainSite::run( static fn() => wp_schedule_single_event( time(), self::RECONCILE_HOOK ) );
	}

	public function schedule(): void {
		OnMainSite::run(
			static function (): void {
				foreach ( [
					self::SWEEP_HOOK => self::EVERY_FIVE_MINUTES,
					self::RECONCILE_HOOK => 'hourly',
				] as $hook => $recurrence ) {
					if ( false === wp_next_scheduled( $hook ) ) {
						wp_schedule_event( time() + 300, $recurrence, $hook );
					}
				}
			}
		);
	}

	public function unschedule(): void {
		OnMainSite::run(
			static function (): void {
				foreach ( [ self::SEND_HOOK, self::SWEEP_HOOK, self::RECONCILE_HOOK ] as $hook ) {
					wp_clear_scheduled_hook( $hook );
				}
			}
		);
	}
}
