<?php

namespace RunCloudRelay\Signals;

use Closure;
use RunCloudRelay\Settings\Home;

/** Attaches the signals. Services are made once a signal fires, not in every request. */
final class Hooks {
	/** @var Closure(): Home */
	private Closure $home;
	/** @var Closure(): MappingSignals */
	private Closure $mappings;
	/** @var Closure(): SiteSignals */
	private Closure $sites;

	public function __construct( Closure $home, Closure $mappings, Closure $sites ) {
		$this->home = $home;
		$this->mappings = $mappings;
		$this->sites = $sites;
	}

	public function attach(): void {
		$this->on(
			'wu_transition_domain_domain',
			function ( $old, $new ): void {
				( $this->mappings )()->nameChanged( (string) $old, (string) $new );
			}
		);
		$this->on(
			'wu_domain_post_delete',
			function ( $result, $domain ): void {
				if ( $result && is_object( $domain ) && is_callable( [ $domain, 'get_domain' ] ) ) {
					( $this->mappings )()->deleted( (string) $domain->get_domain() );
				}
			}
		);
		$this->on(
			'wu_domain_manager_dns_propagation_finished',
			function ( $domain ): void {
				if ( is_object( $domain ) && is_callable( [ $domain, 'get_domain' ] ) ) {
					( $this->mappings )()->dnsIsReady( (string) $domain->get_domain() );
				}
			}
		);
		$this->on(
			'wu_transition_domain_stage',
			function ( $old, $new, $domainId ): void {
				( $this->mappings )()->stageChanged( (string) $old, (string) $new, (int) $domainId );
			}
		);
		$this->on(
			'wp_insert_site',
			function ( $site ): void {
				( $this->sites )()->inserted( (string) $site->domain );
			}
		);
		$this->on(
			'wp_update_site',
			function ( $new, $old ): void {
				( $this->sites )()->updated( (string) $new->domain, (string) $old->domain );
			}
		);
		$this->on(
			'wp_delete_site',
			function ( $site ): void {
				( $this->sites )()->deleted( (string) $site->domain, (int) $site->blog_id );
			}
		);
	}

	/** Late, so that what other plugins do on the same hook is done. */
	private function on( string $hook, Closure $callback ): void {
		add_action(
			$hook,
			function ( ...$args ) use ( $callback ): void {
				Guarded::call(
					function () use ( $callback, $args ): void {
						if ( Home::READY === ( $this->home )()->state() ) {
							$callback( ...$args );
						}
					}
				);
			},
			50,
			3
		);
	}
}
