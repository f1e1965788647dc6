<?php

namespace RunCloudRelay;

use RunCloudRelay\Reconcile\OptionFindings;
use RunCloudRelay\Settings\Credentials;
use RunCloudRelay\Settings\Home;
use RunCloudRelay\Settings\OptionPause;
use RunCloudRelay\Settings\Options;

/** Removes what the plugin made. */
final class Uninstaller {
	private Services $services;

	public function __construct( Services $services ) {
		$this->services = $services;
	}

	public function run(): void {
		$this->services->wakeup()->unschedule();
		$this->services->schema()->drop();
		foreach ( [ Home::OPTION, Options::NATIVE_NAMES, OptionPause::OPTION, OptionFindings::OPTION ] as $option ) {
			delete_network_option( null, $option );
		}
		foreach ( Credentials::NAMES as $name ) {
			delete_network_option( null, Credentials::OPTION_PREFIX . $name );
		}
		$this->deleteTransients();
		$this->services->integrationSwitch()->forget();
	}

	/** Results of tests, and the counters of requests. */
	private function deleteTransients(): void {
		global $wpdb;
		foreach ( [ '_site_transient_', '_site_transient_timeout_' ] as $kind ) {
			$wpdb->query( $wpdb->prepare( "DELETE FROM {$wpdb->sitemeta} WHERE meta_key LIKE %s", $wpdb->esc_like( $kind . 'runcloud_relay_' ) . '%' ) );
		}
	}
}
