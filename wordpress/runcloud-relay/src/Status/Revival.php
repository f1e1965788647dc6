<?php

namespace RunCloudRelay\Status;

/** Whether a mapping that gave up, or that waits, is to be checked once more, because its certificate is there now. */
final class Revival {
	public const MOST_IN_A_DAY = 3;
	/** In `failed` DNS was wrong for 25 minutes; that a certificate is served at this name proves that it is right now. */
	private const STAGES = [ 'ssl-failed', 'failed', 'checking-ssl-cert' ];

	public static function isDue( DomainStatus $status, string $stage ): bool {
		return 'present' === $status->wanted && 'valid' === $status->certificate && in_array( $stage, self::STAGES, true );
	}
}
