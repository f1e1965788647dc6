<?php

namespace RunCloudRelay\Status;

use RunCloudRelay\Http\NoAnswer;
use RunCloudRelay\Http\Relay;
use RunCloudRelay\Http\RelayClient;
use RunCloudRelay\Time\Clock;

/** Where domains stand: what outcomes told, and the relay's own answer where that is old and a read token is there. */
final class StatusReader {
	/** However many people look at a domain, the relay is asked about it this often. */
	private const INTERVAL_MS = 20000;
	/** A person looks at the page meanwhile. */
	private const TIMEOUT_SECONDS = 5;
	private const ASKS_FOR_MS = 5000;
	private const CATCH_UP_INTERVAL_MS = 15 * 60 * 1000;

	private StatusStore $store;
	private MappingWriter $mappings;
	private Relay $relay;
	private Clock $clock;

	public function __construct( StatusStore $store, MappingWriter $mappings, Relay $relay, Clock $clock ) {
		$this->store = $store;
		$this->mappings = $mappings;
		$this->relay = $relay;
		$this->clock = $clock;
	}

	/**
	 * What is stored, without any request.
	 *
	 * @param string[] $domains
	 * @return array<string, DomainStatus>
	 */
	public function stored( array $domains ): array {
		return $this->store->find( $domains );
	}

	/**
	 * What is stored, after the relay was asked about those with open work.
	 *
	 * @param string[] $domains
	 * @return array<string, DomainStatus>
	 */
	public function current( array $domains ): array {
		return $this->askAbout( $domains, self::INTERVAL_MS );
	}

	/**
	 * Asks about domains whose mappings are unfinished, without anyone looking: outcomes may never arrive, for want of
	 * a `CALLBACK_URL` or behind a firewall. And a mapping may be given up after its certificate was reported.
	 *
	 * @param string[] $domains
	 */
	public function catchUp( array $domains ): void {
		if ( null === $this->relay->open() ) {
			return;
		}
		foreach ( $this->askAbout( $domains, self::CATCH_UP_INTERVAL_MS ) as $status ) {
			$this->mappings->revive( $status );
		}
	}

	/**
	 * @param string[] $domains
	 * @return array<string, DomainStatus>
	 */
	private function askAbout( array $domains, int $intervalMs ): array {
		$stored = $this->store->find( $domains );
		$relay = $this->relay->open();
		if ( null === $relay || ! $relay->canRead() ) {
			return $stored;
		}
		$startedMs = $this->clock->nowMs();
		$asked = 0;
		foreach ( $domains as $domain ) {
			$isOpen = ! isset( $stored[ $domain ] ) || $stored[ $domain ]->isOpen();
			if ( $this->clock->nowMs() - $startedMs > self::ASKS_FOR_MS || ! $isOpen || ! $this->store->mayAsk( $domain, $this->clock->nowMs(), $intervalMs ) ) {
				continue;
			}
			++$asked;
			if ( ! $this->refresh( $domain, $relay ) ) {
				break;
			}
		}
		return 0 === $asked ? $stored : $this->store->find( $domains );
	}

	/** Asks the relay now. Null if it cannot be asked or does not know the domain. */
	public function ask( string $domain ): ?DomainStatus {
		$startedMs = $this->clock->nowMs();
		$relay = $this->relay->open();
		if ( null !== $relay && $relay->canRead() ) {
			$this->refresh( $domain, $relay );
		}
		$status = $this->store->find( [ $domain ] )[ $domain ] ?? null;
		return null !== $status && $status->atMs >= $startedMs ? $status : null;
	}

	/** False if the relay does not answer: then it is not asked about others either. */
	private function refresh( string $domain, RelayClient $relay ): bool {
		try {
			$response = $relay->read( 'domains/' . rawurlencode( $domain ), self::TIMEOUT_SECONDS );
		} catch ( NoAnswer $error ) {
			return false;
		}
		$status = 200 === $response->status ? DomainStatus::fromJson( $response->json(), $this->clock->nowMs() ) : null;
		if ( null !== $status ) {
			$before = $this->store->find( [ $domain ] )[ $domain ] ?? null;
			$this->store->save( $status );
			if ( $status->isNews( $before ) ) {
				$this->mappings->write( $status );
			}
		}
		return true;
	}
}
