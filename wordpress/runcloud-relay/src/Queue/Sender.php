<?php

namespace RunCloudRelay\Queue;

use RunCloudRelay\Http\Answer;
use RunCloudRelay\Http\RelayClient;
use RunCloudRelay\Names\HeldName;
use RunCloudRelay\Names\HeldNames;
use RunCloudRelay\Time\Clock;

/** Sends one event and decides what becomes of it. */
final class Sender {
	/** Keeps a relay that answers `superseded` to everything from being asked without end. */
	private const SAID_AGAIN_AFTER_MS = 10000;

	private HeldNames $names;
	private DomainStore $domains;
	private EventStore $events;
	private Recorder $recorder;
	private Clock $clock;

	public function __construct( HeldNames $names, DomainStore $domains, EventStore $events, Recorder $recorder, Clock $clock ) {
		$this->names = $names;
		$this->domains = $domains;
		$this->events = $events;
		$this->recorder = $recorder;
		$this->clock = $clock;
	}

	public function send( Event $event, RelayClient $relay ): Settlement {
		// Asked before each try: what happened since then has its own event, and an old one must not undo it.
		$held = $this->names->find( $event->domain );
		if ( $this->isStale( $event, $held ) ) {
			// An earlier try may have arrived although its answer did not.
			if ( $event->tries > 1 ) {
				$this->recorder->record( $event->domain, $held );
			}
			return Settlement::dropped( null === $held ? 'The network no longer has this domain.' : 'The network has this domain again.' );
		}
		return $this->settlementOf( $event, $relay->send( $event ), $held );
	}

	private function isStale( Event $event, ?HeldName $held ): bool {
		return ( Event::REMOVED === $event->type ) === ( null !== $held );
	}

	private function settlementOf( Event $event, Answer $answer, ?HeldName $held ): Settlement {
		switch ( $answer->kind ) {
			case Answer::ACCEPTED:
				if ( Event::SSL_RETRY !== $event->type ) {
					$this->domains->confirm( Announcement::of( $event ) );
				}
				$this->events->forgetFailures( $event->domain, $event->timestampMs );
				$this->events->reopenGivenUp( $this->clock->nowMs() );
				return Settlement::sent( $answer->note, $answer->status );
			case Answer::SUPERSEDED:
				$this->sayAgain( $event, $answer, $held );
				return Settlement::sent( $answer->note, $answer->status );
			case Answer::REFUSED:
				if ( 'too-old' === $answer->problem ) {
					// It has waited while nothing could be sent, and what it says may well be true now.
					$this->recorder->record( $event->domain, $held, self::SAID_AGAIN_AFTER_MS );
					return Settlement::dropped( $answer->note );
				}
				return Settlement::failed( $answer->note, $answer->status );
			default:
				return $this->retry( $event, $answer );
		}
	}

	private function retry( Event $event, Answer $answer ): Settlement {
		$dueMs = RetrySchedule::nextMs( $event->tries, $event->createdMs, $this->clock->nowMs(), $answer->retryAfterSeconds );
		// Its time may be days away where a clock ran far ahead: it is given up, and not refused for what it says.
		return null === $dueMs
			? Settlement::failed( $answer->note, 'too-new' === $answer->problem ? 0 : $answer->status )
			: Settlement::retryAt( $dueMs, $answer->note, $answer->status );
	}

	/**
	 * The relay holds a later event that this network did not make: a clock ran ahead, or a database was put back.
	 * What is true here is said again, after that event.
	 */
	private function sayAgain( Event $event, Answer $answer, ?HeldName $held ): void {
		if ( null === $answer->latestMs ) {
			return;
		}
		$latest = $this->events->latestOf( $event->domain );
		if ( null !== $latest && $latest->webhookId !== $event->webhookId && $latest->timestampMs >= $answer->latestMs ) {
			return;
		}
		$this->domains->advance( $event->domain, $answer->latestMs );
		$this->recorder->record( $event->domain, $held, self::SAID_AGAIN_AFTER_MS );
	}
}
