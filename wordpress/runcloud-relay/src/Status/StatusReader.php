<?php

namespace RunCloudRelay\Status;

use RunCloudRelay\Http\NoAnswer;
use RunCloudRelay\Http\RelayClient;
use RunCloudRelay\Http\Transport;
use RunCloudRelay\Settings\Credentials;
use RunCloudRelay\Settings\Home;
use RunCloudRelay\Time\Clock;

/** Where domains stand: what outcomes told, and the relay's own answer where that is old and a read token is there. */
final class StatusReader {
	/** However many people look at a domain, the relay is asked about it this often. */
	private const INTERVAL_MS = 20000;
	private const MOST_ASKED_AT_ONCE = 5;
	/** A person looks at the page meanwhile. */
	private const TIMEOUT_SECONDS = 5;

	private StatusStore $store;
	private Transport $transport;
	private Credentials $credentials;
	private Home $home;
	private Clock $clock;

	public function __construct( StatusStore $store, Transport $transport, Credentials $credentials, Home $home, Clock $clock ) {
		$this->store = $store;
		$this->transport = $transport;
		$this->credentials = $credentials;
		$this->home = $home;
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
		$stored = $this->store->find( $domains );
		$asked = 0;
		foreach ( $domains as $domain ) {
			$status = $stored[ $domain ] ?? null;
			if ( $asked >= self::MOST_ASKED_AT_ONCE || ( null !== $status && ! $status->isOpen() ) ) {
				continue;
			}
			if ( $this->canAsk() && $this->store->mayAsk( $domain, $this->clock->nowMs(), self::INTERVAL_MS ) ) {
				++$asked;
				if ( ! $this->refresh( $domain ) ) {
					break;
				}
			}
		}
		return 0 === $asked ? $stored : $this->store->find( $domains );
	}

	/** Asks the relay now. Null if it cannot be asked or does not know the domain. */
	public function ask( string $domain ): ?DomainStatus {
		$before = $this->clock->nowMs();
		$this->refresh( $domain );
		$status = $this->store->find( [ $domain ] )[ $domain ] ?? null;
		return null !== $status && $status->atMs >= $before ? $status : null;
	}

	/** False if the relay does not answer: then it is not asked about others either. */
	private function refresh( string $domain ): bool {
		$address = $this->credentials->address();
		$token = $this->credentials->readToken();
		if ( null === $address || null === $token ) {
			return false;
		}
		try {
			$response = ( new RelayClient( $this->transport, $this->clock, $address ) )->read( 'domains/' . rawurlencode( $domain ), $token, self::TIMEOUT_SECONDS );
		} catch ( NoAnswer $error ) {
			return false;
		}
		$status = 200 === $response->status ? DomainStatus::fromJson( $response->json(), $this->clock->nowMs() ) : null;
		if ( null !== $status ) {
			$this->store->save( $status );
		}
		return true;
	}

	private function canAsk(): bool {
		return Home::READY === $this->home->state() && null !== $this->credentials->readToken();
	}
}
