<?php

namespace RunCloudRelay\Integration;

use RunCloudRelay\Queue\OnMainSite;
use RunCloudRelay\Status\DomainStatus;
use RunCloudRelay\Status\MappingWriter;
use RunCloudRelay\Status\Revival;
use RunCloudRelay\Status\StatusStore;
use RunCloudRelay\Time\Clock;

/** Writes into Ultimate Multisite: the log of the domain, and its stage once the certificate is there. */
final class MappingUpdater implements MappingWriter {
	private const CHECK = 'wu_async_process_domain_stage';
	private const CHECK_GROUP = 'domain';

	private StatusStore $statuses;
	private Clock $clock;

	public function __construct( StatusStore $statuses, Clock $clock ) {
		$this->statuses = $statuses;
		$this->clock = $clock;
	}

	public function write( DomainStatus $status ): void {
		$mapping = self::mappingOf( $status );
		if ( null === $mapping ) {
			return;
		}
		$this->log( $status );
		if ( Revival::isDue( $status, (string) $mapping->get_stage() ) ) {
			$this->checkAgainUnlessOften( $status, $mapping );
		}
	}

	public function revive( DomainStatus $status ): void {
		$mapping = Revival::isReady( $status ) ? self::mappingOf( $status ) : null;
		if ( null !== $mapping && Revival::isOverdue( $status, (string) $mapping->get_stage() ) ) {
			$this->checkAgainUnlessOften( $status, $mapping );
		}
	}

	private static function mappingOf( DomainStatus $status ): ?object {
		$mapping = function_exists( 'wu_get_domain_by_domain' ) ? wu_get_domain_by_domain( $status->domain ) : null;
		return is_object( $mapping ) ? $mapping : null;
	}

	private function checkAgainUnlessOften( DomainStatus $status, object $mapping ): void {
		if ( $this->statuses->countRevival( $status->domain, $this->clock->nowMs(), Revival::MOST_IN_A_DAY ) ) {
			$this->checkAgain( $mapping );
		}
	}

	private function log( DomainStatus $status ): void {
		if ( ! function_exists( 'wu_log_add' ) ) {
			return;
		}
		$reasons = implode( ', ', array_filter( [ $status->hostingReason, $status->certificateReason ] ) );
		$fix = '' === $status->fix ? '' : ' ' . $status->fix;
		wu_log_add( 'domain-' . $status->domain, sprintf( 'RunCloud Relay: hosting %s, certificate %s%s.%s', $status->hosting, '' === $status->certificate ? 'none' : $status->certificate, '' === $reasons ? '' : ' (' . $reasons . ')', $fix ) );
	}

	/** One chain of checks: those that wait would only end in the failure that the certificate has overtaken. */
	private function checkAgain( object $mapping ): void {
		$this->cancelChecks( (int) $mapping->get_id() );
		if ( 'checking-ssl-cert' !== $mapping->get_stage() ) {
			$mapping->set_stage( 'checking-ssl-cert' );
			$mapping->save();
		}
		if ( function_exists( 'wu_enqueue_async_action' ) ) {
			wu_enqueue_async_action( self::CHECK, [ 'domain_id' => (int) $mapping->get_id() ], self::CHECK_GROUP );
		}
	}

	private function cancelChecks( int $domainId ): void {
		if ( ! function_exists( 'as_get_scheduled_actions' ) ) {
			return;
		}
		OnMainSite::run(
			static function () use ( $domainId ): void {
				$actions = as_get_scheduled_actions(
					[
						'hook' => self::CHECK,
						'group' => self::CHECK_GROUP,
						'status' => 'pending',
						'per_page' => 500,
					]
				);
				foreach ( is_array( $actions ) ? $actions : [] as $action ) {
					$args = $action->get_args();
					if ( (int) ( $args['domain_id'] ?? $args[0] ?? 0 ) === $domainId ) {
						as_unschedule_action( self::CHECK, $args, self::CHECK_GROUP );
					}
				}
			}
		);
	}
}
