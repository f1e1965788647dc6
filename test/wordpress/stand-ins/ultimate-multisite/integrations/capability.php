<?php

namespace WP_Ultimo\Integrations {
	/** What an integration can do, one module for each. */
	interface Capability_Module {
		public function get_capability_id(): string;

		public function get_title(): string;

		public function get_explainer_lines(): array;

		public function register_hooks(): void;

		public function get_fields(): array;

		public function set_integration( Integration $integration ): void;
	}

	/** Its `supports()` has no types up to 2.9 and has them later: a child that declares it breaks one of them. */
	abstract class Base_Capability_Module implements Capability_Module {
		protected $integration;
		protected $supported_features = [];

		public function supports( $feature ) {
			return in_array( $feature, $this->supported_features, true );
		}

		public function set_integration( Integration $integration ): void {
			$this->integration = $integration;
		}

		public function get_integration(): Integration {
			return $this->integration;
		}

		public function register_hooks(): void {}

		public function get_fields(): array {
			return [];
		}

		public function get_explainer_lines(): array {
			return [ 'will' => [], 'will_not' => [] ];
		}

		public function test_connection() {
			return $this->integration->test_connection();
		}
	}
}

namespace WP_Ultimo\Integrations\Capabilities {
	interface Domain_Mapping_Capability {
		public function on_add_domain( string $domain, int $site_id ): void;

		public function on_remove_domain( string $domain, int $site_id ): void;

		public function on_add_subdomain( string $subdomain, int $site_id ): void;

		public function on_remove_subdomain( string $subdomain, int $site_id ): void;

		public function test_connection();
	}
}
