<?php

namespace WP_Ultimo\Integrations;

/** Knows every integration and its modules. Hooks are attached last, and only for integrations that are enabled and set up. */
final class Integration_Registry {
	private $integrations = [];
	private $capabilities = [];

	public static function get_instance(): self {
		static $instance = null;
		return $instance ?? $instance = new self();
	}

	public function init(): void {
		add_action(
			'plugins_loaded',
			function (): void {
				$this->register( new Providers\RunCloud\RunCloud_Integration() );
				do_action( 'wu_register_integrations', $this );
			},
			9
		);
		add_action(
			'plugins_loaded',
			function (): void {
				$this->add_capability( 'runcloud', new Providers\RunCloud\RunCloud_Domain_Mapping() );
				do_action( 'wu_register_capabilities', $this );
				$this->resolve();
			},
			12
		);
		add_action( 'init', [ $this, 'register_admin_notices' ] );
	}

	public function register( Integration $integration ): void {
		$this->integrations[ $integration->get_id() ] = $integration;
	}

	public function get( string $id ): ?Integration {
		return $this->integrations[ $id ] ?? null;
	}

	public function get_all(): array {
		return $this->integrations;
	}

	public function add_capability( string $integration_id, Capability_Module $module ): void {
		$this->capabilities[ $integration_id ][ $module->get_capability_id() ] = $module;
	}

	public function get_capabilities( string $integration_id ): array {
		return $this->capabilities[ $integration_id ] ?? [];
	}

	public function has_capability( string $integration_id, string $capability_id ): bool {
		return isset( $this->capabilities[ $integration_id ][ $capability_id ] );
	}

	public function get_capability( string $integration_id, string $capability_id ): ?Capability_Module {
		return $this->capabilities[ $integration_id ][ $capability_id ] ?? null;
	}

	public function register_admin_notices(): void {
		foreach ( $this->integrations as $integration ) {
			$url = wu_network_admin_url( 'wp-ultimo-hosting-integration-wizard', [ 'integration' => $integration->get_id() ] );
			if ( $integration->is_enabled() && ! $integration->is_setup() ) {
				WP_Ultimo()->notices->add( $integration->get_title() . ' is active but not properly configured.', 'warning', 'network-admin', false, [ [ 'title' => 'Set up', 'url' => $url ] ] );
			} elseif ( $integration->detect() && ! $integration->is_enabled() ) {
				WP_Ultimo()->notices->add( 'It looks like you are using ' . $integration->get_title(), 'info', 'network-admin', false, [ [ 'title' => 'Activate', 'url' => $url ] ] );
			}
		}
	}

	private function resolve(): void {
		foreach ( $this->integrations as $id => $integration ) {
			foreach ( $this->get_capabilities( $id ) as $module ) {
				$module->set_integration( $integration );
				if ( $integration->is_enabled() && $integration->is_setup() ) {
					$module->register_hooks();
				}
			}
		}
	}
}
