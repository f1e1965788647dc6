<?php

namespace WP_Ultimo\Integrations;

use WP_Ultimo\Helpers\Credential_Store;

/** A host integration of the new system. A credential is a constant of wp-config.php, else an encrypted network option. */
class Integration {
	protected string $id;
	protected string $title;
	protected string $description       = '';
	protected string $logo              = '';
	protected string $tutorial_link     = '';
	protected array $constants          = [];
	protected array $optional_constants = [];
	protected array $supports           = [];

	public function __construct( string $id, string $title ) {
		$this->id    = $id;
		$this->title = $title;
	}

	public function get_id(): string {
		return $this->id;
	}

	public function get_title(): string {
		return $this->title;
	}

	public function get_description(): string {
		return $this->description;
	}

	public function set_description( string $description ) {
		$this->description = $description;
		return $this;
	}

	public function get_logo(): string {
		return $this->logo;
	}

	public function set_logo( string $logo ) {
		$this->logo = $logo;
		return $this;
	}

	public function get_tutorial_link(): string {
		return $this->tutorial_link;
	}

	public function set_tutorial_link( string $tutorial_link ) {
		$this->tutorial_link = $tutorial_link;
		return $this;
	}

	public function get_constants(): array {
		return $this->constants;
	}

	public function set_constants( array $constants ) {
		$this->constants = $constants;
		return $this;
	}

	public function get_optional_constants(): array {
		return $this->optional_constants;
	}

	public function set_optional_constants( array $optional_constants ) {
		$this->optional_constants = $optional_constants;
		return $this;
	}

	public function get_supports(): array {
		return $this->supports;
	}

	public function set_supports( array $supports ) {
		$this->supports = $supports;
		return $this;
	}

	public function get_all_constants(): array {
		$all = [];
		foreach ( $this->constants as $alternatives ) {
			$all = array_merge( $all, (array) $alternatives );
		}
		return array_merge( $all, $this->optional_constants );
	}

	public function get_credential( string $constant_name ): string {
		if ( defined( $constant_name ) && constant( $constant_name ) ) {
			return (string) constant( $constant_name );
		}
		return Credential_Store::decrypt( (string) get_network_option( null, 'wu_hosting_credential_' . $constant_name, '' ) );
	}

	public function save_credentials( array $values ): void {
		foreach ( $this->get_all_constants() as $name ) {
			if ( empty( $values[ $name ] ) ) {
				delete_network_option( null, 'wu_hosting_credential_' . $name );
			} else {
				update_network_option( null, 'wu_hosting_credential_' . $name, Credential_Store::encrypt( $values[ $name ] ) );
			}
		}
	}

	public function delete_credentials(): void {
		$this->save_credentials( [] );
	}

	public function is_setup(): bool {
		return [] === $this->get_missing_constants();
	}

	public function get_missing_constants(): array {
		$missing = [];
		foreach ( $this->constants as $alternatives ) {
			$found   = array_filter( array_map( [ $this, 'get_credential' ], (array) $alternatives ) );
			$missing = [] === $found ? array_merge( $missing, (array) $alternatives ) : $missing;
		}
		return $missing;
	}

	public function is_enabled(): bool {
		return ! empty( get_network_option( null, 'wu_host_integrations_enabled', [] )[ $this->id ] );
	}

	public function enable(): bool {
		return $this->switch_to( true );
	}

	public function disable(): bool {
		return $this->switch_to( false );
	}

	public function get_fields(): array {
		return [];
	}

	public function detect(): bool {
		return false;
	}

	public function supports( string $feature ): bool {
		if ( in_array( $feature, $this->supports, true ) ) {
			return true;
		}
		foreach ( Integration_Registry::get_instance()->get_capabilities( $this->id ) as $module ) {
			if ( $module->supports( $feature ) ) {
				return true;
			}
		}
		return false;
	}

	/** @return true|\WP_Error */
	public function test_connection() {
		return true;
	}

	public function get_explainer_lines(): array {
		$lines = [ 'will' => [], 'will_not' => [] ];
		foreach ( Integration_Registry::get_instance()->get_capabilities( $this->id ) as $module ) {
			$lines = array_merge_recursive( $lines, $module->get_explainer_lines() );
		}
		return $lines;
	}

	private function switch_to( bool $enabled ): bool {
		return update_network_option( null, 'wu_host_integrations_enabled', [ $this->id => $enabled ] + get_network_option( null, 'wu_host_integrations_enabled', [] ) );
	}
}
