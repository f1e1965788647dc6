<?php

namespace RunCloudRelay\Reconcile;

use RunCloudRelay\Http\RelayClient;
use RunCloudRelay\Http\Transport;
use RunCloudRelay\Names\HeldName;
use RunCloudRelay\Names\HeldNames;
use RunCloudRelay\Queue\DomainStore;
use RunCloudRelay\Queue\Event;
use RunCloudRelay\Queue\EventStore;
use RunCloudRelay\Queue\Recorder;
use RunCloudRelay\Settings\Credentials;
use RunCloudRelay\Settings\Home;
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
	private Transport $transport;
	private Credentials $credentials;
	private Home $home;
	private Findings $findings;
	private Clock $clock;

	public function __construct( HeldNames $names, DomainStore $domains, EventStore $events, Recorder $recorder, Transport $transport, Credentials $credentials, Home $home, Findings $findings, Clock $clock ) {
		$this->names = $names;
		$this->domains = $domains;
		$this->events = $events;
		$this->recorder = $recorder;
		$this->transport = $transport;
		$this->credentials = $credentials;
		$this->home = $home;
		$this->findings = $findings;
		$this->clock = $clock;
	}

	/**
	 * @param bool $asksRelay whether its own list is read too, which takes requests
	 * @throws \RunCloudRelay\Names\CannotReadNames
	 */
	public function compare( bool $asksRelay = true ): Difference {
		$difference = Difference::between( $this->names->all(), $this->domains->present(), $asksRelay ? $this->listed() : null );
		$difference->gone = array_values( array_filter( $difference->gone, fn( string $domain ) => ! $this->names->isExempt( $domain ) ) );
		return $difference;
	}

	/** The hourly run. */
	public function run(): void {
		if ( Home::READY !== $this->home->state() ) {
			return;
		}
		$difference = $this->compare();
		$startedMs = $this->clock->nowMs();
		$isComplete = true;
		foreach ( $this->announceable( $difference->missing ) as $name ) {
			// A network that is adopted may hold thousands: the next sweep goes on.
			if ( $this->clock->nowMs() - $startedMs > self::RUNS_FOR_MS ) {
				$isComplete = false;
				break;
			}
			$this->recorder->record( $name->domain, $name );
		}
		$this->findings->save( $difference, $isComplete, $this->clock->nowMs() );
		if ( ! $difference->isAlarming() ) {
			foreach ( $difference->gone as $domain ) {
				if ( ! $this->isUnderWay( $domain, Event::REMOVED ) ) {
					$this->remove( $domain );
				}
			}
		}
	}

	/** Goes on where the hourly run ran out of time. */
	public function resume(): void {
		$last = $this->findings->last();
		if ( null !== $last && false === $last['isComplete'] ) {
			$this->run();
		}
	}

	public function announce( HeldName $name ): void {
		$this->recorder->record( $name->domain, $name );
	}

	public function remove( string $domain ): void {
		// It may have come back since the comparison.
		$this->recorder->record( $domain, $this->names->find( $domain ) );
	}

	/**
	 * Without those that the relay refused for what they are: it would refuse them every hour. Of those refused for
	 * another reason, such as a wrong secret, one goes ahead to see whether that is over.
	 *
	 * @param HeldName[] $names
	 * @return HeldName[]
	 */
	private function announceable( array $names ): array {
		$fresh = [];
		$refused = [];
		foreach ( $names as $name ) {
			if ( $this->isUnderWay( $name->domain, Event::ADDED ) ) {
				continue;
			}
			$status = $this->events->refusalOf( $name->domain );
			if ( null === $status ) {
				$fresh[] = $name;
			} elseif ( ! in_array( $status, [ 400, 422 ], true ) ) {
				$refused[] = $name;
			}
		}
		return [] === $refused ? $fresh : array_slice( $refused, 0, 1 );
	}

	/** Whether an event that says so waits already: while the relay is down, an hour must not add another one. */
	private function isUnderWay( string $domain, string $type ): bool {
		$latest = $this->events->latestOf( $domain );
		return null !== $latest && $latest->isWaiting && $latest->type === $type;
	}

	/** @return array<string, true>|null */
	private function listed(): ?array {
		$address = $this->credentials->address();
		$token = $this->credentials->readToken();
		if ( null === $address || null === $token ) {
			return null;
		}
		return RelayList::wanted( new RelayClient( $this->transport, $this->clock, $address ), $token );
	}
}
