<?php

namespace RunCloudRelay\Queue;

use RunCloudRelay\Http\Relay;
use RunCloudRelay\Http\RelayClient;
use RunCloudRelay\Names\CannotReadNames;
use RunCloudRelay\Time\Clock;

/** Sends what is due, one event after the other, for a part of a request's time. */
final class Worker {
	/** Longer than a request to the relay can take. */
	private const LEASE_MS = 120000;
	private const RUNS_FOR_MS = 20000;
	private const RESTS_FOR_MS = 10000;
	private const KEEPS_ENDED_MS = 30 * 24 * 3600 * 1000;

	private EventStore $events;
	private Sender $sender;
	private Relay $relay;
	private Wakeup $wakeup;
	private Clock $clock;

	public function __construct( EventStore $events, Sender $sender, Relay $relay, Wakeup $wakeup, Clock $clock ) {
		$this->events = $events;
		$this->sender = $sender;
		$this->relay = $relay;
		$this->wakeup = $wakeup;
		$this->clock = $clock;
	}

	/**
	 * Returns how many events it has sent or tried to send.
	 *
	 * @param callable(): mixed|null $onEach called after each of them
	 */
	public function run( ?callable $onEach = null ): int {
		$relay = $this->relay->open();
		if ( null === $relay ) {
			return 0;
		}
		$owner = bin2hex( random_bytes( 16 ) );
		$startedMs = $this->clock->nowMs();
		$tried = 0;
		while ( $this->clock->nowMs() - $startedMs < self::RUNS_FOR_MS ) {
			$event = $this->events->claim( $owner, $this->clock->nowMs(), self::LEASE_MS );
			if ( null === $event ) {
				break;
			}
			++$tried;
			$settlement = $this->send( $event, $relay );
			$this->events->settle( $event, $owner, $settlement, $this->clock->nowMs() );
			if ( null !== $onEach ) {
				$onEach();
			}
			// A relay that is silent would be so for the others too; each would lose one of its tries.
			if ( Settlement::WAITING === $settlement->state && 0 === $settlement->status ) {
				$earliestMs = $this->clock->nowMs() + self::RESTS_FOR_MS;
				break;
			}
		}
		$nextDueMs = $this->events->nextDueMs();
		if ( null !== $nextDueMs ) {
			$this->wakeup->wakeAt( max( $nextDueMs, $earliestMs ?? $this->clock->nowMs() ) );
		}
		return $tried;
	}

	public function purge(): void {
		$this->events->purge( $this->clock->nowMs() - self::KEEPS_ENDED_MS );
	}

	private function send( Event $event, RelayClient $relay ): Settlement {
		try {
			return $this->sender->send( $event, $relay );
		} catch ( CannotReadNames $error ) {
			return Settlement::retryAt( $this->clock->nowMs() + 60000, $error->getMessage(), 0 );
		}
	}
}
