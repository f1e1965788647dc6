<?php

namespace RunCloudRelay\Cli;

use RunCloudRelay\Names\HostName;
use RunCloudRelay\Settings\Home;
use WP_CLI;

/** Refuses what a command cannot work with. */
final class Input {
	public static function domain( string $raw ): string {
		$domain = HostName::normalize( $raw );
		if ( null === $domain ) {
			WP_CLI::error( 'Give a domain, such as shop.acme-bikes.com.' );
		}
		return (string) $domain;
	}

	/** Ends the command where this network sends nothing, and says why. */
	public static function assertReady( string $state ): void {
		if ( Home::READY === $state ) {
			return;
		}
		$reasons = [
			Home::INCOMPLETE => 'Address or secret of the relay is missing or malformed. Run: wp runcloud-relay test',
			Home::NOT_PRODUCTION => 'Nothing is sent: this environment is not production (WP_ENVIRONMENT_TYPE).',
			Home::SWITCHED_OFF => 'Nothing is sent: the integration is switched off among those of Ultimate Multisite.',
			Home::COPY => 'Nothing is sent: this is a copy of another network. If the network has moved here, confirm it on its settings page.',
		];
		WP_CLI::error( $reasons[ $state ] ?? '' );
	}
}
