<?php

namespace RunCloudRelay\Integration;

use RunCloudRelay\Services;
use RunCloudRelay\Settings\IntegrationSwitch;
use RunCloudRelay\Signals\Guarded;

/** Makes the plugin one of Ultimate Multisite's host integrations: of its registry, or of the older system before 2.4.11. */
final class Registration {
	private static ?Services $services = null;

	public static function attach( Services $services ): void {
		self::$services = $services;
		add_action(
			'wu_register_integrations',
			static function ( $registry ) use ( $services ): void {
				Guarded::call( static fn() => $registry->register( new RelayIntegration( IntegrationSwitch::ID, $services ) ) );
			}
		);
		add_action(
			'wu_register_capabilities',
			static function ( $registry ): void {
				Guarded::call( static fn() => $registry->add_capability( IntegrationSwitch::ID, new RelayCapability() ) );
			}
		);
		add_action(
			'wp_ultimo_host_providers_load',
			static function (): void {
				// Newer versions still load providers of the old system, but their wizard breaks on them.
				if ( ! class_exists( 'WP_Ultimo\Integrations\Integration' ) && class_exists( 'WP_Ultimo\Integrations\Host_Providers\Base_Host_Provider' ) ) {
					Guarded::call( static fn() => RelayHostProvider::get_instance() );
				}
			}
		);
	}

	/** The old system makes its providers by itself, without arguments. */
	public static function services(): Services {
		return self::$services ??= new Services();
	}
}
