<?php

namespace WP_Ultimo\Integrations\Host_Providers;

/** A host integration of the old system, which newer versions still honour. Credentials are constants of wp-config.php alone. */
abstract class Base_Host_Provider {
	protected $id;
	protected $title;
	protected $tutorial_link      = '';
	protected $supports           = [];
	protected $constants          = [];
	protected $optional_constants = [];

	public function init() {
		if ( $this->is_enabled() && $this->is_setup() ) {
			$this->load_dependencies();
			$this->register_hooks();
		}
		add_filter( 'wu_domain_manager_get_integrations', [ $this, 'self_register' ] );
		add_action( 'init', [ $this, 'add_to_integration_list' ] );
	}

	final public function self_register( $integrations ) {
		$integrations[ $this->get_id() ] = static::class;
		return $integrations;
	}

	final public function is_enabled() {
		return wu_get_isset( $this->get_enabled_list(), $this->get_id(), false );
	}

	protected function get_enabled_list() {
		return get_network_option( null, 'wu_host_integrations_enabled', [] );
	}

	public function enable() {
		return update_network_option( null, 'wu_host_integrations_enabled', [ $this->get_id() => true ] + $this->get_enabled_list() );
	}

	public function disable() {
		return update_network_option( null, 'wu_host_integrations_enabled', [ $this->get_id() => false ] + $this->get_enabled_list() );
	}

	public function add_to_integration_list() {
		wu_register_settings_field( 'integrations', 'integration_' . str_replace( '-', '_', $this->get_id() ), [ 'type' => 'note', 'title' => $this->get_title() ] );
	}

	public function register_hooks() {
		add_action( 'wu_add_domain', [ $this, 'on_add_domain' ], 10, 2 );
		add_action( 'wu_remove_domain', [ $this, 'on_remove_domain' ], 10, 2 );
		add_action( 'wu_add_subdomain', [ $this, 'on_add_subdomain' ], 10, 2 );
		add_action( 'wu_remove_subdomain', [ $this, 'on_remove_subdomain' ], 10, 2 );
		$this->additional_hooks();
	}

	public function additional_hooks() {}

	public function load_dependencies() {}

	abstract public function detect();

	abstract public function on_add_domain( $domain, $site_id );

	abstract public function on_remove_domain( $domain, $site_id );

	abstract public function on_add_subdomain( $subdomain, $site_id );

	abstract public function on_remove_subdomain( $subdomain, $site_id );

	public function is_setup() {
		return [] === $this->get_missing_constants();
	}

	public function get_missing_constants() {
		$missing = [];
		foreach ( $this->constants as $alternatives ) {
			$defined = array_filter( (array) $alternatives, static fn( $name ) => defined( $name ) && constant( $name ) );
			$missing = [] === $defined ? array_merge( $missing, (array) $alternatives ) : $missing;
		}
		return $missing;
	}

	public function get_all_constants() {
		$all = [];
		foreach ( $this->constants as $alternatives ) {
			$all = array_merge( $all, (array) $alternatives );
		}
		return array_merge( $all, $this->optional_constants );
	}

	public function get_fields() {
		return [];
	}

	public function get_id() {
		return $this->id;
	}

	public function get_title() {
		return $this->title;
	}

	public function get_description() {
		return 'No description provided.';
	}

	public function get_logo() {
		return '';
	}

	public function supports( $feature ) {
		return apply_filters( 'wu_hosting_support_supports', in_array( $feature, $this->supports, true ), $this );
	}

	public function get_explainer_lines() {
		return [
			'will'     => [ 'send_domains' => sprintf( 'Send API calls to %s servers with domain names added to this network', $this->get_title() ) ],
			'will_not' => [],
		];
	}

	/** Answers the request by itself. */
	public function test_connection() {
		wp_send_json_success( [] );
	}
}
