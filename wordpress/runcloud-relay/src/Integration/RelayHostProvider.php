<?php

namespace RunCloudRelay\Integration;

use RunCloudRelay\Settings\Credentials;
use RunCloudRelay\Status\ConnectionTest;
use WP_Ultimo\Integrations\Host_Providers\Base_Host_Provider;
use WP_Ultimo\Traits\Singleton;

/**
 * The integration before 2.4.11: its credentials are constants of wp-config.php. Parameters are
 * untyped and results typed: with both, the class fits parents with types and without.
 */
class RelayHostProvider extends Base_Host_Provider {
	use Singleton;

	protected $id = 'runcloud-relay';
	protected $title = 'RunCloud Relay';
	protected $supports = [ 'autossl' ];
	protected $constants = Description::REQUIRED;
	protected $optional_constants = Description::OPTIONAL;

	public function init(): void {
		parent::init();
	}

	public function get_description(): string {
		return Description::text();
	}

	public function get_explainer_lines(): array {
		return Description::explainerLines();
	}

	public function get_fields(): array {
		return Description::fields();
	}

	public function get_instructions(): void {
		Description::printInstructions();
	}

	public function detect(): bool {
		return false;
	}

	/** What was saved on the plugin's own page counts as well as constants. */
	public function is_setup(): bool {
		return Registration::services()->credentials()->areComplete();
	}

	/** For wizards of newer versions. */
	public function get_credential( $constant_name ): string {
		$credentials = Registration::services()->credentials();
		if ( Credentials::URL === $constant_name ) {
			return $credentials->url();
		}
		return $credentials->has( (string) $constant_name ) ? Description::MASK : '';
	}

	public function on_add_domain( $domain, $site_id ): void {}

	public function on_remove_domain( $domain, $site_id ): void {}

	public function on_add_subdomain( $subdomain, $site_id ): void {}

	public function on_remove_subdomain( $subdomain, $site_id ): void {}

	/** Answers the request by itself. */
	public function test_connection(): void {
		if ( ! current_user_can( 'manage_network' ) ) {
			wp_send_json_error( [ 'message' => __( 'You are not allowed to do this.', 'runcloud-relay' ) ], 403 );
		}
		$checks = Registration::services()->connectionTest()->run();
		if ( ConnectionTest::failed( $checks ) ) {
			wp_send_json_error( [ 'message' => ConnectionTest::faults( $checks ) ] );
		}
		wp_send_json_success( [ 'message' => __( 'The relay accepts the secret.', 'runcloud-relay' ) ] );
	}
}
