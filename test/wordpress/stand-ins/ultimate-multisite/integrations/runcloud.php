<?php

namespace WP_Ultimo\Integrations\Providers\RunCloud;

use WP_Ultimo\Integrations\Base_Capability_Module;
use WP_Ultimo\Integrations\Capabilities\Domain_Mapping_Capability;
use WP_Ultimo\Integrations\Integration;

/** The stock integration, which calls RunCloud's API by itself. Here it only writes down what it would have called for. */
final class RunCloud_Integration extends Integration {
	public function __construct() {
		parent::__construct( 'runcloud', 'RunCloud' );
		$this->set_constants( [ 'WU_RUNCLOUD_API_TOKEN', 'WU_RUNCLOUD_SERVER_ID', 'WU_RUNCLOUD_APP_ID' ] );
	}
}

final class RunCloud_Domain_Mapping extends Base_Capability_Module implements Domain_Mapping_Capability {
	public function get_capability_id(): string {
		return 'domain-mapping';
	}

	public function get_title(): string {
		return 'Domain Mapping';
	}

	public function register_hooks(): void {
		add_action( 'wu_add_domain', [ $this, 'on_add_domain' ], 10, 2 );
		add_action( 'wu_remove_domain', [ $this, 'on_remove_domain' ], 10, 2 );
		add_action( 'wu_add_subdomain', [ $this, 'on_add_subdomain' ], 10, 2 );
		add_action( 'wu_remove_subdomain', [ $this, 'on_remove_subdomain' ], 10, 2 );
	}

	public function on_add_domain( string $domain, int $site_id ): void {
		wu_log_add( 'integration-runcloud', "add $domain" );
	}

	public function on_remove_domain( string $domain, int $site_id ): void {
		wu_log_add( 'integration-runcloud', "remove $domain" );
	}

	public function on_add_subdomain( string $subdomain, int $site_id ): void {}

	public function on_remove_subdomain( string $subdomain, int $site_id ): void {}
}
