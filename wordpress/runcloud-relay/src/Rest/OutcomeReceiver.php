<?php

namespace RunCloudRelay\Rest;

use RunCloudRelay\Settings\Pause;
use RunCloudRelay\Status\MappingWriter;
use RunCloudRelay\Status\StatusStore;
use RunCloudRelay\Time\Clock;
use RunCloudRelay\Webhook\RelaySecret;
use RunCloudRelay\Webhook\Signature;

/** Takes in outcomes. Nothing is read of a body before its signature is proven. */
final class OutcomeReceiver {
	private const MOST_BYTES = 65536;
	private const MOST_BAD_IN_A_MINUTE = 60;
	private const MOST_GOOD_IN_A_MINUTE = 600;

	private OutcomeMemory $memory;
	private StatusStore $statuses;
	private MappingWriter $mappings;
	private Pause $pause;
	private Clock $clock;

	public function __construct( OutcomeMemory $memory, StatusStore $statuses, MappingWriter $mappings, Pause $pause, Clock $clock ) {
		$this->memory = $memory;
		$this->statuses = $statuses;
		$this->mappings = $mappings;
		$this->pause = $pause;
		$this->clock = $clock;
	}

	/** The HTTP status of the answer. 429 has the relay come again; other refusals are final for it. */
	public function receive( string $body, string $id, string $timestamp, string $signature, ?RelaySecret $secret ): int {
		if ( strlen( $body ) > self::MOST_BYTES ) {
			return 413;
		}
		$nowMs = $this->clock->nowMs();
		if ( null === $secret || ! Signature::verify( $secret, $id, $timestamp, $body, $signature, intdiv( $nowMs, 1000 ) ) ) {
			return $this->memory->admit( 'bad', self::MOST_BAD_IN_A_MINUTE, $nowMs ) ? 401 : 429;
		}
		if ( $this->memory->knows( $id ) ) {
			return 200;
		}
		if ( ! $this->memory->admit( 'good', self::MOST_GOOD_IN_A_MINUTE, $nowMs ) ) {
			return 429;
		}
		$outcome = Outcome::parse( $body );
		if ( null === $outcome ) {
			return 400;
		}
		$this->take( $outcome );
		// Remembered last: taking it in twice changes nothing, losing it would.
		$this->memory->remember( $id, $nowMs );
		return 202;
	}

	private function take( Outcome $outcome ): void {
		if ( null !== $outcome->status ) {
			$this->statuses->save( $outcome->status );
			$this->mappings->write( $outcome->status );
		} elseif ( Outcome::PAUSED === $outcome->type ) {
			$this->pause->begin( $outcome->pause, $outcome->timestampMs );
		} elseif ( Outcome::RESUMED === $outcome->type ) {
			$this->pause->end( $outcome->timestampMs );
		}
	}
}
