<?php

namespace RunCloudRelay\Status;

/** A status in the words of the people who wait for the domain, in their language. */
final class Wording {
	public const GOOD = 'good';
	public const WORKING = 'working';
	/** The owner of the domain has something to do. */
	public const ACTION = 'action';
	public const PROBLEM = 'problem';

	public string $tone;
	public string $headline;
	public string $detail;

	private function __construct( string $tone, string $headline, string $detail = '' ) {
		$this->tone = $tone;
		$this->headline = $headline;
		$this->detail = $detail;
	}

	public function text(): string {
		return trim( $this->headline . ' ' . $this->detail );
	}

	public static function unknown(): self {
		return new self( self::WORKING, __( 'Waiting for news from the server.', 'runcloud-relay' ) );
	}

	public static function of( DomainStatus $status ): self {
		switch ( $status->hosting ) {
			case 'pending':
				return new self( self::WORKING, __( 'The domain is being added to the server.', 'runcloud-relay' ), self::waiting( $status->hostingReason ) );
			case 'removing':
				return new self( self::WORKING, __( 'The domain is being removed from the server.', 'runcloud-relay' ), self::waiting( $status->hostingReason ) );
			case 'absent':
				return new self( self::GOOD, __( 'The domain is no longer on the server.', 'runcloud-relay' ) );
			case 'paused':
				// The domain may be served as before: the relay itself does not know it at the moment.
				if ( 'ledger-restored' === $status->hostingReason ) {
					return self::unknown();
				}
				return new self( self::WORKING, __( 'The server cannot be reached at the moment.', 'runcloud-relay' ), __( 'Nothing is lost: the work goes on by itself.', 'runcloud-relay' ) );
			case 'failed':
				$headline = 'absent' === $status->wanted
					? __( 'The domain could not be removed from the server.', 'runcloud-relay' )
					: __( 'The domain could not be added to the server.', 'runcloud-relay' );
				return new self( self::PROBLEM, $headline, __( 'Please contact the support of this network.', 'runcloud-relay' ) );
			default:
				// A removal that is never followed: the name is protected, or the primary one.
				return 'absent' === $status->wanted
					? new self( self::GOOD, __( 'The domain stays on the server.', 'runcloud-relay' ), __( 'It belongs to the network itself.', 'runcloud-relay' ) )
					: self::ofCertificate( $status );
		}
	}

	private static function ofCertificate( DomainStatus $status ): self {
		switch ( $status->certificate ) {
			case 'waiting-dns':
				return self::ofDns( $status->certificateReason );
			case 'pending':
				return new self( self::WORKING, __( 'The domain is on the server and waits for its certificate.', 'runcloud-relay' ), self::waitingForCertificate( $status->certificateReason ) );
			case 'requested':
				return new self( self::WORKING, __( 'The certificate has been ordered.', 'runcloud-relay' ), __( 'This usually takes a few minutes.', 'runcloud-relay' ) );
			case 'valid':
				return 'expiring' === $status->certificateReason
					? new self( self::GOOD, __( 'The domain is ready.', 'runcloud-relay' ), __( 'Its certificate is being renewed.', 'runcloud-relay' ) )
					: new self( self::GOOD, __( 'The domain is ready and secure.', 'runcloud-relay' ) );
			case 'failed':
				return self::ofFailure( $status->certificateReason );
			default:
				return new self( self::GOOD, __( 'The domain is on the server.', 'runcloud-relay' ) );
		}
	}

	private static function ofDns( string $reason ): self {
		if ( 'dns-unanswered' === $reason ) {
			return new self( self::WORKING, __( 'The name servers of the domain do not answer.', 'runcloud-relay' ), __( 'They are asked again.', 'runcloud-relay' ) );
		}
		$details = [
			'dns-none' => __( 'The domain has no DNS record yet.', 'runcloud-relay' ),
			'dns-mismatch' => __( 'Its DNS points at another server.', 'runcloud-relay' ),
			'dns-ipv6' => __( 'Its IPv6 record points at another server.', 'runcloud-relay' ),
			'dns-caa' => __( 'Its CAA record does not allow the certificate.', 'runcloud-relay' ),
		];
		return new self( self::ACTION, __( 'The DNS of the domain has to be changed.', 'runcloud-relay' ), $details[ $reason ] ?? '' );
	}

	private static function ofFailure( string $reason ): self {
		$details = [
			'name-limit' => __( 'The certificate of the server can hold no more domains. It is tried again every day.', 'runcloud-relay' ),
			'custom-certificate' => __( 'The server uses a certificate of its own that does not include this domain.', 'runcloud-relay' ),
			'name-unsupported' => __( 'No certificate authority issues certificates for such a name.', 'runcloud-relay' ),
		];
		return new self( self::PROBLEM, __( 'The certificate could not be issued.', 'runcloud-relay' ), $details[ $reason ] ?? __( 'Please contact the support of this network.', 'runcloud-relay' ) );
	}

	private static function waiting( string $reason ): string {
		$details = [
			'grace-period' => __( 'It stays for a while, in case this was a mistake.', 'runcloud-relay' ),
			'removals-limited' => __( 'Many domains are being removed; it waits its turn.', 'runcloud-relay' ),
			'additions-limited' => __( 'Many domains are being added; it waits its turn.', 'runcloud-relay' ),
		];
		return $details[ $reason ] ?? '';
	}

	private static function waitingForCertificate( string $reason ): string {
		$details = [
			'held-by-name' => __( 'It waits for the DNS of another domain.', 'runcloud-relay' ),
			'order-budget' => __( 'Many certificates are being ordered; it waits its turn.', 'runcloud-relay' ),
		];
		return $details[ $reason ] ?? __( 'This usually takes a few minutes.', 'runcloud-relay' );
	}
}
