<?php

namespace RunCloudRelay\Queue;

/** Has the worker run at a time. Only a hint: the table of events is the schedule. */
interface Wakeup {
	public const SEND_HOOK = 'runcloud_relay_send';
	public const SWEEP_HOOK = 'runcloud_relay_sweep';
	public const RECONCILE_HOOK = 'runcloud_relay_reconcile';
	public const GROUP = 'runcloud-relay';

	public function wakeAt( int $atMs ): void;

	/** Has the comparison run as soon as can be, besides its hourly runs. */
	public function reconcileSoon(): void;

	/** Has the sweep and the reconciliation come again and again. */
	public function schedule(): void;

	/** Takes back all that was scheduled. */
	public function unschedule(): void;
}
