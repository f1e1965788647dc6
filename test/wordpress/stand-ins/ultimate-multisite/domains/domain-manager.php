<?php

namespace WP_Ultimo\Managers;

use WP_Site;
use WP_Ultimo\Database\Domains\Domain_Stage;
use WP_Ultimo\Integrations\Integration_Registry;

use function WP_Ultimo\is_at_least;

use WP_Ultimo\Models\Domain;

/** Turns what happens to mappings and sites into the hooks of host integrations, and checks DNS and certificates. */
final class Domain_Manager {
	public static function get_instance(): self {
		static $instance = null;
		return $instance ?? $instance = new self();
	}

	public function init(): void {
		add_action( 'plugins_loaded', static fn() => do_action( 'wp_ultimo_host_providers_load' ) );
		add_action( 'wp_ajax_wu_test_hosting_integration', [ $this, 'test_integration' ] );
		add_action( 'wu_async_remove_old_primary_domains', [ $this, 'async_remove_old_primary_domains' ] );
		add_action( 'wu_async_process_domain_stage', [ $this, 'async_process_domain_stage' ], 10, 2 );
		add_action( 'wu_transition_domain_domain', [ $this, 'send_domain_to_host' ], 10, 3 );
		add_action( 'wu_domain_post_delete', [ $this, 'handle_domain_deleted' ], 10, 2 );
		add_action( 'wp_insert_site', [ $this, 'handle_site_created' ] );
		add_action( 'wp_delete_site', [ $this, 'handle_site_deleted' ] );
	}

	/** @return array<string, class-string> Of the old system. */
	public function get_integrations(): array {
		return apply_filters( 'wu_domain_manager_get_integrations', [], $this );
	}

	public function get_integration_instance( $id ) {
		$class = $this->get_integrations()[ $id ] ?? null;
		return $class ? $class::get_instance() : false;
	}

	public function send_domain_to_host( $old_value, $new_value, $item_id ): void {
		if ( $old_value === $new_value ) {
			return;
		}
		$site_id = wu_get_domain( $item_id )->get_site_id();
		wu_enqueue_async_action( 'wu_add_domain', [ 'domain' => $new_value, 'site_id' => $site_id ], 'domain' );
		if ( is_at_least( '2.4.11' ) ) {
			do_action( 'wu_domain_added', $new_value, $site_id );
		}
	}

	public function handle_domain_deleted( $result, Domain $domain ): void {
		if ( ! $result ) {
			return;
		}
		$args = [ 'domain' => $domain->get_domain(), 'site_id' => $domain->get_site_id() ];
		wu_enqueue_async_action( 'wu_remove_domain', $args, 'domain' );
		if ( is_at_least( '2.4.11' ) ) {
			do_action( 'wu_domain_removed', $args['domain'], $args['site_id'] );
		}
	}

	/** A new site of a subdomain network gets a mapping of its own address, and two chains of checks. */
	public function handle_site_created( WP_Site $site ): void {
		if ( '' === str_replace( get_network()->domain, '', $site->domain ) ) {
			return;
		}
		wu_enqueue_async_action( 'wu_add_subdomain', [ 'subdomain' => $site->domain, 'site_id' => $site->blog_id ], 'domain' );
		$domain = wu_create_domain( [ 'blog_id' => $site->blog_id, 'domain' => $site->domain, 'primary_domain' => true ] );
		if ( ! is_wp_error( $domain ) ) {
			wu_enqueue_async_action( 'wu_async_process_domain_stage', [ 'domain_id' => $domain->get_id() ], 'domain' );
		}
	}

	public function handle_site_deleted( WP_Site $site ): void {
		if ( '' !== str_replace( get_network()->domain, '', $site->domain ) ) {
			wu_enqueue_async_action( 'wu_remove_subdomain', [ 'subdomain' => $site->domain, 'site_id' => $site->blog_id ], 'domain' );
		}
	}

	/** @param list<string> $domains Ids. */
	public function async_remove_old_primary_domains( array $domains ): void {
		foreach ( array_filter( array_map( 'wu_get_domain', $domains ) ) as $domain ) {
			$domain->set_primary_domain( false );
			$domain->save();
		}
	}

	public static function is_main_domain( string $domain ): bool {
		$labels = explode( '.', $domain );
		$ending = '.' . implode( '.', array_slice( $labels, -2 ) );
		$known  = apply_filters( 'wu_multi_part_tlds', [ '.co.uk', '.com.au', '.co.nz', '.com.br', '.co.in' ] );
		return count( $labels ) <= 2 || ( 3 === count( $labels ) && in_array( $ending, $known, true ) );
	}

	public function should_create_www_subdomain( $domain ): bool {
		$setting = wu_get_setting( 'auto_create_www_subdomain', 'always' );
		if ( 0 === strpos( $domain, 'www.' ) || 'never' === $setting ) {
			return false;
		}
		return 'main_only' !== $setting || self::is_main_domain( $domain );
	}

	public function get_domain_mapping_instructions(): string {
		$domain = get_network()->domain;
		$ip     = \WP_Ultimo\Domain_Mapping\Visitor::network_address();
		$text   = "Create a CNAME record that points to <code>$domain</code> at your DNS provider.";
		return apply_filters( 'wu_get_domain_mapping_instructions', $text, $domain, $ip );
	}

	/** One check of one mapping. A check that fails schedules the next one, until there have been too many. */
	public function async_process_domain_stage( $domain_id, $tries = 0 ): void {
		$domain = wu_get_domain( $domain_id );
		if ( ! $domain ) {
			return;
		}
		$max_tries = apply_filters( 'wu_async_process_domain_stage_max_tries', 5, $domain );
		++$tries;
		wu_log_add( 'domain-' . $domain->get_domain(), 'Starting Check for ' . $domain->get_domain() );
		if ( Domain_Stage::CHECKING_DNS === $domain->get_stage() ) {
			$domain->has_correct_dns()
				? $this->dns_is_right( $domain )
				: $this->check_again( $domain, $tries, $max_tries, Domain_Stage::FAILED );
		} elseif ( Domain_Stage::CHECKING_SSL === $domain->get_stage() ) {
			$domain->has_valid_ssl_certificate()
				? $this->certificate_is_there( $domain )
				: $this->check_again( $domain, $tries, $max_tries, Domain_Stage::without_certificate() );
		}
	}

	private function dns_is_right( Domain $domain ): void {
		$domain->set_stage( Domain_Stage::CHECKING_SSL );
		$domain->save();
		wu_enqueue_async_action( 'wu_async_process_domain_stage', [ 'domain_id' => $domain->get_id(), 'tries' => 0 ], 'domain' );
		do_action( 'wu_domain_manager_dns_propagation_finished', $domain );
	}

	private function certificate_is_there( Domain $domain ): void {
		$domain->set_stage( Domain_Stage::DONE );
		$domain->set_secure( true );
		$domain->save();
	}

	private function check_again( Domain $domain, int $tries, int $max_tries, string $stage_when_over ): void {
		if ( $tries > $max_tries ) {
			$domain->set_stage( $stage_when_over );
			$domain->save();
			return;
		}
		$interval = max( 10, min( 300, (int) wu_get_setting( 'dns_check_interval', 300 ) ) );
		wu_schedule_single_action( time() + $interval, 'wu_async_process_domain_stage', [ 'domain_id' => $domain->get_id(), 'tries' => $tries ], 'domain' );
	}

	/** Before 2.14.0 without a nonce and without a capability. */
	public function test_integration(): void {
		if ( is_at_least( '2.14.0' ) ) {
			check_ajax_referer( 'wu_test_hosting_integration', 'nonce' );
			if ( ! current_user_can( 'manage_network' ) ) {
				wp_send_json_error( [ 'message' => 'You do not have permission.' ], 403 );
			}
		}
		$id          = wu_request( 'integration', 'none' );
		$is_new      = class_exists( Integration_Registry::class ) && Integration_Registry::get_instance()->get( $id );
		$integration = $is_new ? Integration_Registry::get_instance()->get( $id ) : $this->get_integration_instance( $id );
		if ( ! $integration ) {
			wp_send_json_error( [ 'message' => 'Invalid Integration ID' ] );
		}
		if ( ! $integration->is_setup() ) {
			wp_send_json_error( [ 'message' => 'Missing: ' . implode( ', ', $integration->get_missing_constants() ) ] );
		}
		$result = $integration->test_connection();
		if ( is_wp_error( $result ) ) {
			wp_send_json_error( [ 'message' => $result->get_error_message() ] );
		}
		wp_send_json_success( [ 'message' => 'Access Authorized' ] );
	}
}
