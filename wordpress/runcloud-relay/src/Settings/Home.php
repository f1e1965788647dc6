<?php

namespace RunCloudRelay\Settings;

/**
 * Tells this network from its copies: a clone has the same constants and the same database, but another host.
 * The host is stored encoded, so that a search and replace over the database of a copy does not change it.
 */
final class Home {
	public const OPTION = 'runcloud_relay_home';
	public const READY = 'ready';
	public const INCOMPLETE = 'incomplete';
	public const NOT_PRODUCTION = 'not-production';
	public const COPY = 'copy';
	/** Switched off among the integrations of Ultimate Multisite. */
	public const SWITCHED_OFF = 'switched-off';

	private Credentials $credentials;
	private IntegrationSwitch $switch;

	public function __construct( Credentials $credentials, IntegrationSwitch $switch ) {
		$this->credentials = $credentials;
		$this->switch = $switch;
	}

	/** Whether this network may send, or what keeps it from sending. */
	public function state(): string {
		$state = self::decide( $this->credentials->areComplete(), $this->switch->isOff(), wp_get_environment_type(), $this->storedHost(), $this->currentHost() );
		if ( self::READY === $state && null === $this->storedHost() ) {
			$this->adopt();
		}
		return $state;
	}

	public static function decide( bool $isComplete, bool $isOff, string $environment, ?string $storedHost, string $currentHost ): string {
		if ( 'production' !== $environment ) {
			return self::NOT_PRODUCTION;
		}
		if ( null !== $storedHost && $storedHost !== $currentHost ) {
			return self::COPY;
		}
		if ( $isOff ) {
			return self::SWITCHED_OFF;
		}
		return $isComplete ? self::READY : self::INCOMPLETE;
	}

	/** Makes the present host the one that sends. */
	public function adopt(): void {
		update_network_option( null, self::OPTION, base64_encode( $this->currentHost() ) );
	}

	public function storedHost(): ?string {
		$stored = get_network_option( null, self::OPTION, '' );
		$host = is_string( $stored ) ? base64_decode( $stored, true ) : false;
		return false === $host || '' === $host ? null : $host;
	}

	public function currentHost(): string {
		$network = get_network();
		return null === $network ? '' : strtolower( $network->domain );
	}
}
