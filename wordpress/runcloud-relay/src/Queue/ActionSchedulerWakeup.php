<?php

namespace RunCloudRelay\Queue;

/** Action Scheduler, which Ultimate Multisite brings: its tables show each run, and it needs no visitor. */
final class ActionSchedulerWakeup implements Wakeup {
	private CronWakeup $cron;
	private ?int $pendingMs = null;
	private int $lastAt = 0;

	public function __construct( CronWakeup $cron ) {
		$this->cron = $cron;
	}

	public static function isThere(): bool {
		return function_exists( 'as_schedule_single_action' );
	}

	/** Before its tables can be used, Action Scheduler drops what it is given: the request's end is late enough. */
	public function wakeAt( int $atMs ): void {
		if ( ! self::isReady() ) {
			if ( null === $this->pendingMs ) {
				add_action( 'shutdown', [ $this, 'wakePending' ], 1 );
			}
			$this->pendingMs = min( $atMs, $this->pendingMs ?? $atMs );
			return;
		}
		$at = (int) ceil( $atMs / 1000 );
		// Many events may come at one moment; one run sends them all.
		if ( $at === $this->lastAt ) {
			return;
		}
		$this->lastAt = $at;
		OnMainSite::run(
			static function () use ( $at ): void {
				$next = as_next_scheduled_action( self::SEND_HOOK, [], self::GROUP );
				// `true` is one that runs now: it may be past the event that was just written.
				if ( is_int( $next ) && $next <= $at ) {
					return;
				}
				as_schedule_single_action( $at, self::SEND_HOOK, [], self::GROUP );
			}
		);
	}

	public function wakePending(): void {
		$atMs = $this->pendingMs;
		$this->pendingMs = null;
		if ( null === $atMs ) {
			return;
		}
		if ( self::isReady() ) {
			$this->wakeAt( $atMs );
			return;
		}
		$this->cron->wakeAt( $atMs );
	}

	public function reconcileSoon(): void {
		if ( self::isReady() ) {
			OnMainSite::run( static fn() => as_enqueue_async_action( self::RECONCILE_HOOK, [], self::GROUP ) );
		}
	}

	public function schedule(): void {
		if ( ! self::isReady() ) {
			return;
		}
		OnMainSite::run(
			static function (): void {
				foreach ( [
					self::SWEEP_HOOK => 300,
					self::RECONCILE_HOOK => 3600,
				] as $hook => $seconds ) {
					if ( false === as_next_scheduled_action( $hook, [], self::GROUP ) ) {
						as_schedule_recurring_action( time() + $seconds, $seconds, $hook, [], self::GROUP, true );
					}
				}
			}
		);
	}

	public function unschedule(): void {
		if ( self::isReady() ) {
			OnMainSite::run(
				static function (): void {
					foreach ( [ self::SEND_HOOK, self::SWEEP_HOOK, self::RECONCILE_HOOK ] as $hook ) {
						as_unschedule_all_actions( $hook, [], self::GROUP );
					}
				}
			);
		}
		$this->cron->unschedule();
	}

	private static function isReady(): bool {
		return self::isThere() && did_action( 'action_scheduler_init' ) > 0;
	}
}
