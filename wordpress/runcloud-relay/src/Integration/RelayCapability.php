<?php

namespace RunCloudRelay\Integration;

use WP_Ultimo\Integrations\Base_Capability_Module;
use WP_Ultimo\Integrations\Capabilities\Domain_Mapping_Capability;

/**
 * That the integration maps domains. The work itself hangs on the synchronous hooks (Signals); these come late and out
 * of order, and are taken only so that their jobs do not end as failures without a callback.
 */
final class RelayCapability extends Base_Capability_Module implements Domain_Mapping_Capability {
	public function get_capability_id(): string {
		return 'domain-mapping';
	}

	public function get_title(): string {
		return __( 'Domain Mapping', 'runcloud-relay' );
	}

	public function get_explainer_lines(): array {
		return Description::explainerLines();
	}

	public function register_hooks(): void {
		add_action( 'wu_add_domain', [ $this, 'on_add_domain' ], 10, 2 );
		add_action( 'wu_remove_domain', [ $this, 'on_remove_domain' ], 10, 2 );
		add_action( 'wu_add_subdomain', [ $this, 'on_add_subdomain' ], 10, 2 );
		add_action( 'wu_remove_subdomain', [ $this, 'on_remove_subdomain' ], 10, 2 );
	}

	public function on_add_domain( $domain, $site_id ): void {}

	public function on_remove_domain( $domain, $site_id ): void {}

	public function on_add_subdomain( $subdomain, $site_id ): void {}

	public function on_remove_subdomain( $subdomain, $site_id ): void {}

	public function test_connection() {
		return $this->get_integration()->test_connection();
	}
}
