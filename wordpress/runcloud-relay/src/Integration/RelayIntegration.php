<?php

namespace RunCloudRelay\Integration;

use RunCloudRelay\Services;
use RunCloudRelay\Settings\Credentials;
use RunCloudRelay\Status\ConnectionTest;
use WP_Error;
use WP_Ultimo\Integrations\Integration;

/** The integration of Ultimate Multisite 2.4.11 and later. Parameters are untyped: the parent's types differ between versions. */
final class RelayIntegration extends Integration {
	private Services $services;

	public function __construct( string $id, Services $services ) {
		parent::__construct( $id, 'RunCloud Relay' );
		$this->services = $services;
		$this->set_constants( Description::REQUIRED );
		$this->set_optional_constants( Description::OPTIONAL );
		$this->set_supports( [ 'autossl' ] );
	}

	public function get_description(): string {
		return Description::text();
	}

	public function get_fields(): array {
		return Description::fields();
	}

	public function get_instructions(): void {
		Description::printInstructions();
	}

	/** With the settings there it is on already, so there is nothing to point out. */
	public function detect(): bool {
		return false;
	}

	/** The wizard prints what this returns into its form. */
	public function get_credential( $constant_name ): string {
		$credentials = $this->services->credentials();
		if ( Credentials::URL === $constant_name ) {
			return $credentials->url();
		}
		return $credentials->has( (string) $constant_name ) ? Description::MASK : '';
	}

	public function save_credentials( $values ): void {
		foreach ( Credentials::NAMES as $name ) {
			$value = isset( $values[ $name ] ) && is_string( $values[ $name ] ) ? trim( $values[ $name ] ) : '';
			if ( '' !== $value && Description::MASK !== $value && ! $this->services->credentials()->isConstant( $name ) ) {
				$this->services->credentials()->save( $name, $value );
			}
		}
	}

	public function delete_credentials(): void {
		foreach ( Credentials::NAMES as $name ) {
			$this->services->credentials()->save( $name, '' );
		}
	}

	/**
	 * Before 2.14.0 any user who is logged in can have this run.
	 *
	 * @return true|WP_Error
	 */
	public function test_connection() {
		if ( ! current_user_can( 'manage_network' ) ) {
			return new WP_Error( 'runcloud-relay-not-allowed', __( 'You are not allowed to do this.', 'runcloud-relay' ) );
		}
		$checks = $this->services->connectionTest()->run();
		return ConnectionTest::failed( $checks ) ? new WP_Error( 'runcloud-relay-connection', ConnectionTest::faults( $checks ) ) : true;
	}
}
