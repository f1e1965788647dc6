<?php

namespace RunCloudRelay\Cli;

use RunCloudRelay\Services;
use RunCloudRelay\Status\ConnectionTest;
use WP_CLI;

/**
 * Keeps the domains of this network and the relay together.
 */
final class RelayCommand {
	private Services $services;

	public function __construct( Services $services ) {
		$this->services = $services;
	}

	/**
	 * Checks the settings, the secret, and how the relay gets on with RunCloud.
	 *
	 * ## OPTIONS
	 *
	 * [--format=<format>]
	 * : How to print.
	 * ---
	 * default: table
	 * options:
	 *   - table
	 *   - json
	 * ---
	 *
	 * ## EXAMPLES
	 *
	 *     wp runcloud-relay test
	 *
	 * @param string[]              $args
	 * @param array<string, string> $options
	 */
	public function test( array $args, array $options ): void {
		$checks = $this->services->connectionTest()->run();
		Output::rows( $options, $checks, [ 'name', 'state', 'detail', 'fix' ] );
		if ( ConnectionTest::failed( $checks ) ) {
			WP_CLI::halt( 1 );
		}
	}

	/**
	 * Shows where a domain stands, or what waits to be sent.
	 *
	 * ## OPTIONS
	 *
	 * [<domain>]
	 * : The domain. Without one, the last events of all domains are shown.
	 *
	 * [--format=<format>]
	 * : How to print.
	 * ---
	 * default: table
	 * options:
	 *   - table
	 *   - json
	 * ---
	 *
	 * ## EXAMPLES
	 *
	 *     wp runcloud-relay status shop.acme-bikes.com
	 *
	 * @param string[]              $args
	 * @param array<string, string> $options
	 */
	public function status( array $args, array $options ): void {
		if ( [] === $args ) {
			Output::rows( $options, array_map( [ Rows::class, 'ofEvent' ], $this->services->events()->recent( 50 ) ), [ 'domain', 'type', 'at', 'state', 'tries', 'note' ] );
			return;
		}
		$domain = Input::domain( $args[0] );
		$status = $this->services->statuses()->ask( $domain ) ?? $this->services->statuses()->stored( [ $domain ] )[ $domain ] ?? null;
		if ( null === $status ) {
			$events = array_map( [ Rows::class, 'ofEvent' ], $this->services->events()->recent( 10, $domain ) );
			if ( [] === $events ) {
				WP_CLI::error( sprintf( 'Nothing is known of %s. Is it mapped to a site? Then run: wp runcloud-relay sync', $domain ) );
			}
			WP_CLI::warning( 'The relay has told nothing of this domain yet, or there is no read token. These are the events about it.' );
			Output::rows( $options, $events, [ 'domain', 'type', 'at', 'state', 'tries', 'note' ] );
			return;
		}
		Output::rows( $options, [ Rows::ofStatus( $status ) ], [ 'domain', 'hosting', 'certificate', 'words', 'fix', 'next', 'told' ] );
		if ( 'failed' === $status->hosting || 'failed' === $status->certificate ) {
			WP_CLI::halt( 1 );
		}
	}

	/**
	 * Announces every domain of this network that the relay does not know, now.
	 *
	 * Also the way to take over a network that existed before, and to restore after a disaster.
	 *
	 * ## OPTIONS
	 *
	 * [--dry-run]
	 * : Only show what would be sent.
	 *
	 * [--remove-missing]
	 * : Also announce the removal of domains that this network has announced and no longer has.
	 *
	 * [--format=<format>]
	 * : How to print.
	 * ---
	 * default: table
	 * options:
	 *   - table
	 *   - json
	 * ---
	 *
	 * ## EXAMPLES
	 *
	 *     wp runcloud-relay sync --dry-run
	 *
	 * @param string[]              $args
	 * @param array<string, string> $options
	 */
	public function sync( array $args, array $options ): void {
		$isDryRun = ! empty( $options['dry-run'] );
		$removes = ! empty( $options['remove-missing'] );
		if ( ! $isDryRun ) {
			Input::assertReady( $this->services->home()->state() );
		}
		$reconciler = $this->services->reconciler();
		$difference = $reconciler->compare();
		$rows = Rows::ofDifference( $difference, $removes );
		if ( [] === $rows ) {
			if ( Output::isJson( $options ) ) {
				WP_CLI::line( '[]' );
				return;
			}
			WP_CLI::success( sprintf( 'Nothing to do: the relay knows all %d domains.', $difference->held ) );
			return;
		}
		Output::rows( $options, $rows, [ 'domain', 'action' ] );
		if ( $isDryRun ) {
			return;
		}
		// What was refused before gets its chance too: this is how one goes on once the cause is removed.
		$this->services->events()->reopenFailed( $this->services->clock()->nowMs() );
		foreach ( $difference->missing as $name ) {
			$reconciler->announce( $name->domain );
		}
		if ( $removes ) {
			foreach ( $difference->gone as $domain ) {
				$reconciler->announce( $domain );
			}
		}
		$expected = count( $difference->missing ) + ( $removes ? count( $difference->gone ) : 0 );
		( new Sending( $this->services ) )->run( $expected, Output::isJson( $options ) );
	}

	/**
	 * Asks the relay to try for the certificate of a domain again.
	 *
	 * ## OPTIONS
	 *
	 * <domain>
	 * : The domain.
	 *
	 * ## EXAMPLES
	 *
	 *     wp runcloud-relay retry-ssl shop.acme-bikes.com
	 *
	 * @subcommand retry-ssl
	 * @param string[]              $args
	 * @param array<string, string> $options
	 */
	public function retrySsl( array $args, array $options ): void {
		$domain = Input::domain( $args[0] ?? '' );
		Input::assertReady( $this->services->home()->state() );
		if ( ! $this->services->recorder()->requestCertificate( $domain, 'manual' ) ) {
			WP_CLI::error( sprintf( 'This network has no domain %s.', $domain ) );
		}
		( new Sending( $this->services ) )->run( 1, false );
	}
}
