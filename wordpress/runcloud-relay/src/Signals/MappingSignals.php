<?php

namespace RunCloudRelay\Signals;

use RunCloudRelay\Names\NetworkNames;
use RunCloudRelay\Queue\Recorder;

/**
 * The hooks of Ultimate Multisite around a mapping. Only those that fire in the request itself, before it goes on:
 * the others come late, in another order, or not at all.
 */
final class MappingSignals {
	/** Where certificates ended without one; the second name is that of versions up to 2.4.10. */
	private const STAGES_WITHOUT_CERTIFICATE = [ 'ssl-failed', 'done-without-ssl' ];

	private Recorder $recorder;
	private NetworkNames $names;

	public function __construct( Recorder $recorder, NetworkNames $names ) {
		$this->recorder = $recorder;
		$this->names = $names;
	}

	/** `wu_transition_domain_domain`: a mapping was made (`new`), or has another name. */
	public function nameChanged( string $old, string $new ): void {
		$this->recorder->observe( $new );
		if ( 'new' !== $old && $old !== $new ) {
			$this->recorder->observe( $old );
		}
	}

	/** `wu_domain_post_delete` */
	public function deleted( string $domain ): void {
		$this->recorder->observe( $domain );
	}

	/** `wu_domain_manager_dns_propagation_finished` */
	public function dnsIsReady( string $domain ): void {
		$this->recorder->requestCertificate( $domain, 'dns_ready' );
	}

	/** `wu_transition_domain_stage` */
	public function stageChanged( string $old, string $new, int $domainId ): void {
		// A mapping that is made in such a stage has not failed: the stage was chosen.
		if ( 'new' === $old || $old === $new || ! in_array( $new, self::STAGES_WITHOUT_CERTIFICATE, true ) ) {
			return;
		}
		$domain = $this->names->nameOfMapping( $domainId );
		if ( null !== $domain ) {
			$this->recorder->requestCertificate( $domain, 'ssl_failed' );
		}
	}
}
