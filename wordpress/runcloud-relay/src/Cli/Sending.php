<?php

namespace RunCloudRelay\Cli;

use RunCloudRelay\Services;
use WP_CLI;

/** Sends what is due at once and says how it went: a command is not a click, so it may wait. */
final class Sending {
	private Services $services;

	public function __construct( Services $services ) {
		$this->services = $services;
	}

	public function run( int $expected, bool $isQuiet ): void {
		$failedBefore = $this->services->events()->counts()['failed'] ?? 0;
		$progress = $isQuiet ? null : \WP_CLI\Utils\make_progress_bar( 'Sending', $expected );
		$tried = 0;
		do {
			$before = $this->waiting();
			$tried += $this->services->worker()->run( static fn() => null === $progress ? null : $progress->tick() );
			// A relay that is silent leaves all of them waiting.
		} while ( $this->waiting() < $before );
		if ( null !== $progress ) {
			$progress->finish();
		}
		$waiting = $this->waiting();
		$failed = ( $this->services->events()->counts()['failed'] ?? 0 ) - $failedBefore;
		if ( $failed > 0 ) {
			$failure = $this->services->events()->lastFailure();
			WP_CLI::error( sprintf( 'Events refused: %d. The last answer: %s. Run: wp runcloud-relay test', $failed, $failure['note'] ?? '' ) );
		}
		if ( $waiting > 0 ) {
			WP_CLI::warning( sprintf( 'Events that wait for the relay: %d. They are sent again by themselves.', $waiting ) );
			return;
		}
		if ( ! $isQuiet ) {
			WP_CLI::success( sprintf( 'Events sent: %d.', $tried ) );
		}
	}

	private function waiting(): int {
		return $this->services->events()->counts()['waiting'] ?? 0;
	}
}
