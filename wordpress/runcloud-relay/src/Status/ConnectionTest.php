<?php

namespace RunCloudRelay\Status;

use RunCloudRelay\Http\NoAnswer;
use RunCloudRelay\Http\RelayClient;
use RunCloudRelay\Settings\Credentials;
use RunCloudRelay\Settings\GuardedRelay;
use RunCloudRelay\Settings\Home;
use RunCloudRelay\Webhook\WebhookId;

/** Whether all is set up, step by step and in words: the settings, the signature, and the relay's own checks. */
final class ConnectionTest {
	public const OK = 'ok';
	public const WARNING = 'warning';
	public const FAILED = 'failed';

	/** The relay takes up to 25 s to walk through its checks. */
	private const CONNECTION_SECONDS = 30;

	private Credentials $credentials;
	private Home $home;
	private GuardedRelay $relay;

	public function __construct( Credentials $credentials, Home $home, GuardedRelay $relay ) {
		$this->credentials = $credentials;
		$this->home = $home;
		$this->relay = $relay;
	}

	/** @return array<int, array{name: string, state: string, detail: string, fix: string}> */
	public function run(): array {
		$checks = [ $this->settings(), $this->sending() ];
		$relay = $this->relay->openForATest();
		if ( null === $relay ) {
			return $checks;
		}
		try {
			$checks[] = $this->signature( $relay->probe( WebhookId::fromRandom( random_bytes( 16 ) ) )->status );
		} catch ( NoAnswer $error ) {
			$checks[] = self::check( 'signature', self::FAILED, __( 'The relay does not answer.', 'runcloud-relay' ), __( 'Check the address, and whether this server may make requests to it.', 'runcloud-relay' ) );
			return $checks;
		}
		return array_merge( $checks, $this->connection( $relay ) );
	}

	/** @param array<int, array{name: string, state: string, detail: string, fix: string}> $checks */
	public static function failed( array $checks ): bool {
		return in_array( self::FAILED, array_column( $checks, 'state' ), true );
	}

	/**
	 * The faults in one text, for a place that shows no table.
	 *
	 * @param array<int, array{name: string, state: string, detail: string, fix: string}> $checks
	 */
	public static function faults( array $checks ): string {
		$faults = array_filter( $checks, static fn( array $check ) => self::FAILED === $check['state'] );
		return implode( ' ', array_map( static fn( array $check ) => trim( $check['detail'] . ' ' . $check['fix'] ), $faults ) );
	}

	/** @return array{name: string, state: string, detail: string, fix: string} */
	private function settings(): array {
		$wrong = array_filter(
			[
				Credentials::URL => null === $this->credentials->address(),
				Credentials::SECRET => null === $this->credentials->secret(),
			]
		);
		if ( [] === $wrong ) {
			return self::check( 'settings', self::OK, __( 'Address and secret are there.', 'runcloud-relay' ) );
		}
		return self::check(
			'settings',
			self::FAILED,
			/* translators: %s: names of constants */
			sprintf( __( 'Missing or malformed: %s.', 'runcloud-relay' ), implode( ', ', array_keys( $wrong ) ) ),
			__( 'The address looks like https://relay.example.org/default, the secret starts with whsec_.', 'runcloud-relay' )
		);
	}

	/** @return array{name: string, state: string, detail: string, fix: string} */
	private function sending(): array {
		switch ( $this->home->state() ) {
			case Home::NOT_PRODUCTION:
				return self::check( 'sending', self::WARNING, __( 'Nothing is sent: this environment is not production.', 'runcloud-relay' ), __( 'On the production network, WP_ENVIRONMENT_TYPE must be production or not set.', 'runcloud-relay' ) );
			case Home::COPY:
				return self::check( 'sending', self::WARNING, __( 'Nothing is sent: this is a copy of another network.', 'runcloud-relay' ), __( 'If the network has moved here, confirm it on its settings page.', 'runcloud-relay' ) );
			case Home::SWITCHED_OFF:
				return self::check( 'sending', self::WARNING, __( 'Nothing is sent: the integration is switched off.', 'runcloud-relay' ), __( 'Switch it on among the integrations of Ultimate Multisite.', 'runcloud-relay' ) );
			default:
				return self::check( 'sending', self::OK, __( 'This network may send.', 'runcloud-relay' ) );
		}
	}

	/** @return array{name: string, state: string, detail: string, fix: string} */
	private function signature( int $status ): array {
		// Only after a good signature does the relay read that there is no event in it.
		if ( 400 === $status ) {
			return self::check( 'signature', self::OK, __( 'The relay accepts the secret.', 'runcloud-relay' ) );
		}
		if ( 401 === $status ) {
			return self::check( 'signature', self::FAILED, __( 'The relay does not accept the secret, or does not know the network in the address.', 'runcloud-relay' ), __( 'Compare the secret and the last part of the address with the relay’s own; check that the clock of this server is right.', 'runcloud-relay' ) );
		}
		/* translators: %d: HTTP status */
		$detail = sprintf( __( 'The address answers with HTTP %d.', 'runcloud-relay' ), $status );
		return $status >= 500 || 429 === $status
			? self::check( 'signature', self::FAILED, $detail, __( 'The relay is not available at the moment; events wait until it is.', 'runcloud-relay' ) )
			: self::check( 'signature', self::FAILED, $detail, __( 'Check the address: it ends with the name of the network.', 'runcloud-relay' ) );
	}

	/** @return array<int, array{name: string, state: string, detail: string, fix: string}> */
	private function connection( RelayClient $relay ): array {
		if ( ! $relay->canRead() ) {
			return [ self::check( 'reading', self::WARNING, __( 'There is no read token: statuses arrive only when the relay posts them.', 'runcloud-relay' ) ) ];
		}
		try {
			$response = $relay->read( 'connection', self::CONNECTION_SECONDS );
		} catch ( NoAnswer $error ) {
			return [ self::check( 'reading', self::FAILED, __( 'The relay did not answer in time whether it reaches RunCloud.', 'runcloud-relay' ) ) ];
		}
		$json = $response->json();
		if ( 200 !== $response->status || ! is_array( $json['checks'] ?? null ) ) {
			/* translators: %d: HTTP status */
			return [ self::check( 'reading', self::FAILED, sprintf( __( 'The relay does not accept the read token (HTTP %d).', 'runcloud-relay' ), $response->status ) ) ];
		}
		$checks = [];
		foreach ( $json['checks'] as $check ) {
			if ( is_array( $check ) && is_string( $check['name'] ?? null ) && is_string( $check['state'] ?? null ) ) {
				$state = in_array( $check['state'], [ self::OK, self::FAILED ], true ) ? $check['state'] : self::WARNING;
				$checks[] = self::check( $check['name'], $state, is_string( $check['detail'] ?? null ) ? $check['detail'] : $check['state'], is_string( $check['fix'] ?? null ) ? $check['fix'] : '' );
			}
		}
		return $checks;
	}

	/** @return array{name: string, state: string, detail: string, fix: string} */
	private static function check( string $name, string $state, string $detail, string $fix = '' ): array {
		return [
			'name' => $name,
			'state' => $state,
			'detail' => $detail,
			'fix' => $fix,
		];
	}
}
