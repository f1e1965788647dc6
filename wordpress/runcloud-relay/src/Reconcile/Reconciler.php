<?php

namespace RunCloudRelay\Reconcile;

use RunCloudRelay\Http\RelayClient;
use RunCloudRelay\Http\Transport;
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
