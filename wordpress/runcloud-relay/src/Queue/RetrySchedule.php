<?php

namespace RunCloudRelay\Queue;

/** How long to wait after a try that may succeed later. */
final class RetrySchedule {
	private const FIRST_SECONDS = [ 10, 90, 300, 900, 1800 ];
	private const LATER_SECONDS = 3600;
	private const GIVES_UP_AFTER_MS = 24 * 3600 * 1000;

	/**
	 * When the next try is due; null once the event is given up.
	 *
	 * @param int|null $retryAfterSeconds what the relay asked for
	 */
	public static function nextMs( int $tries, int $createdMs, int $nowMs, ?int $retryAfterSeconds ): ?int {
		if ( $nowMs - $createdMs >= self::GIVES_UP_AFTER_MS ) {
			return null;
		}
		$seconds = self::FIRST_SECONDS[ $tries - 1 ] ?? self::LATER_SECONDS;
		return $nowMs + 1000 * max( $seconds, $retryAfterSeconds ?? 0 );
	}
}
