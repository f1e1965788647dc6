<?php

namespace RunCloudRelay\Status;

/** Whether a mapping that gave up, or that waits, is to be checked once more, because its certificate is there now. */
final class Revival {
	public const MOST_IN_A_DAY = 3;
	/** In `failed` DNS was wrong for 25 minutes; that a certificate is served at this name proves that it is right now. */
	private const STAGES = [ 'ssl-failed', 'failed', 'checking-ssl-cert' ];
	/** No checks are under way in these, and none comes by itself. */
	private const GIVEN_UP = [ 'ssl-failed', 'failed' ];

	public static function isDue( DomainStatus $status, string $stage ): bool {
		return self::isReady( $status ) && in_array( $stage, self::STAGES, true );
	}

	/** The status may have come before the mapping was given up: then no news of it follows. */
	public static function isOverdue( DomainStatus $status, string $stage ): bool {
		return self::isReady( $status ) && in_array( $stage, self::GIVEN_UP, true );
	}

	/** Whether it has all that a mapping is checked for. */
	public static function isReady( DomainStatus $status ): bool {
		return 'present' === $status->wanted && 'valid' === $status->certificate;
	}
}
