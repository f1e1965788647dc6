<?php

namespace RunCloudRelay\Reconcile;

use RunCloudRelay\Http\Relay;
use RunCloudRelay\Names\HeldNames;
use RunCloudRelay\Queue\DomainStore;
use RunCloudRelay\Queue\Event;
use RunCloudRelay\Queue\EventStore;
use RunCloudRelay\Queue\Recorder;
use RunCloudRelay\Time\Clock;

/**
 * Finds what no event told: a database that was put back, a mapping changed by hand, a relay that was set up anew,
 * and the names of a network that existed before this plugin.
 */
final class Reconciler {
	private const RUNS_FOR_MS = 20000;

	private HeldNames $names;
	private DomainStore $domains;
	private EventStore $events;
	private Recorder $recorder;
	private Relay $relay;
	private Findings $findings;
	private Clock $clock;

	public function __construct( HeldNames $names, DomainStore $domains, EventStore $events, Recorder $recorder, Relay $relay, Findings $findings, Clock $clock ) {
		$this->names = $names;
		$this->domains = $domains;
		$this->events = $events;
		$this->recorder = $recorder;
		$this->relay = $relay;
		$this->findings = $findings;
		$this->clock = $clock;
	}

	/** Against what the relay has taken in, and against its own list where that can be read. */
	public function compare(): Difference {
		$relay = $this->relay->open();
		return $this->compareWith( null === $relay || ! $relay->canRead() ? null : RelayList::wanted( $relay ) );
	}

	/** The same without any request. */
	public function compareOffline(): Difference {
		return $this->compareWith( null );
	}

	/** The hourly run. */
	public function run(): void {
		if ( null === $this->relay->open() ) {
			return;
		}
		$difference = $this->compare();
		$startedMs = $this->clock->nowMs();
		$isComplete = true;
		$domains = array_merge( array_column( $difference->missing, 'domain' ), $difference->isAlarming() ? [] : $difference->gone );
		foreach ( $this->announceable( $domains ) as $domain ) {
			// A network that is adopted may hold thousands: the next sweep goes on.
			if ( $this->clock->nowMs() - $startedMs > self::RUNS_FOR_MS ) {
				$isComplete = false;
				break;
			}
			$this->announce( $domain );
		}
		$this->findings->save( $difference, $isComplete, $this->clock->nowMs() );
	}

	/** Goes on where the hourly run ran out of time. */
	public function resume(): void {
		$last = $this->findings->last();
		if ( null !== $last && false === $last['isComplete'] ) {
			$this->run();
		}
	}

	/** Announces what is true of the name now: it may have come or gone since the comparison. */
	public function announce( string $domain ): void {
		$this->recorder->record( $domain, $this->names->find( $domain ) );
	}

	/**
	 * Without those whose event waits already, and those that the relay refused for what they say: it would refuse them
	 * every hour. Of those refused for another reason, such as a wrong secret, one goes ahead to see whether that is over.
	 *
	 * @param string[] $domains
	 * @return string[]
	 */
	private function announceable( array $domains ): array {
		$fresh = [];
		$refused = [];
		foreach ( $domains as $domain ) {
			$latest = $this->events->latestOf( $domain );
			if ( null !== $latest && $latest->isWaiting && Event::SSL_RETRY !== $latest->type ) {
				continue;
			}
			$status = $this->events->refusalOf( $domain );
			if ( null === $status ) {
				$fresh[] = $domain;
			} elseif ( ! in_array( $status, [ 400, 422 ], true ) ) {
				$refused[] = $domain;
			}
		}
		return [] === $refused ? $fresh : array_slice( $refused, 0, 1 );
	}

	/** @param array<string, true>|null $listed */
	private function compareWith( ?array $listed ): Difference {
		$difference = Difference::between( $this->names->all(), $this->domains->present(), $listed );
		$difference->gone = array_values( array_filter( $difference->gone, fn( string $domain ) => ! $this->names->isExempt( $domain ) ) );
		return $difference;
	}
}
