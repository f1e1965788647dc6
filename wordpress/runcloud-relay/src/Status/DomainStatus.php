<?php

namespace RunCloudRelay\Status;

use RunCloudRelay\Text\Excerpt;
use RunCloudRelay\Time\Instant;

/** Where a domain stands, as the relay told it. */
final class DomainStatus {
	private const OPEN_HOSTING = [ 'pending', 'parked', 'removing', 'paused' ];
	private const OPEN_CERTIFICATE = [ 'pending', 'waiting-dns', 'requested' ];

	public string $domain;
	public string $wanted;
	public string $hosting;
	public string $hostingReason;
	public string $certificate;
	public string $certificateReason;
	/** What to do, in English; empty if there is nothing to do. */
	public string $fix;
	public ?int $nextTryMs;
	public ?int $notAfterMs;
	public string $errorMessage;
	/** When the relay said so. */
	public int $atMs;

	private function __construct() {}

	/**
	 * Reads what the relay's read route and its outcomes have in common. What it does not know becomes empty:
	 * a newer relay may say more.
	 *
	 * @param array<string, mixed> $json
	 */
	public static function fromJson( array $json, int $atMs ): ?self {
		if ( ! is_string( $json['domain'] ?? null ) || ! is_array( $json['hosting'] ?? null ) ) {
			return null;
		}
		$hosting = $json['hosting'];
		$certificate = is_array( $json['certificate'] ?? null ) ? $json['certificate'] : [];
		$error = is_array( $json['lastError'] ?? null ) ? $json['lastError'] : [];
		$status = new self();
		$status->domain = $json['domain'];
		$status->wanted = self::text( $json, 'wanted' );
		$status->hosting = self::text( $hosting, 'state' );
		$status->hostingReason = self::text( $hosting, 'reason' );
		$status->certificate = self::text( $certificate, 'state' );
		$status->certificateReason = self::text( $certificate, 'reason' );
		$status->fix = self::text( $certificate, 'fix' );
		$status->notAfterMs = Instant::parseMs( self::text( $certificate, 'notAfter' ) );
		$next = array_filter( [ Instant::parseMs( self::text( $hosting, 'nextTryAt' ) ), Instant::parseMs( self::text( $certificate, 'nextTryAt' ) ) ] );
		$status->nextTryMs = [] === $next ? null : min( $next );
		$status->errorMessage = self::text( $error, 'message' );
		$status->atMs = $atMs;
		return $status;
	}

	/** Whether it tells something that the one before did not; when it is looked at next is no news. */
	public function isNews( ?self $before ): bool {
		$told = static fn( self $status ) => [ $status->wanted, $status->hosting, $status->hostingReason, $status->certificate, $status->certificateReason, $status->fix ];
		return null === $before || $told( $before ) !== $told( $this );
	}

	/** Whether something is still to come, so that looking again makes sense. */
	public function isOpen(): bool {
		return in_array( $this->hosting, self::OPEN_HOSTING, true )
			|| ( 'absent' !== $this->hosting && in_array( $this->certificate, self::OPEN_CERTIFICATE, true ) );
	}

	/** The part of the relay's answer that is kept. @return array<string, mixed> */
	public function toJson(): array {
		return [
			'domain' => $this->domain,
			'wanted' => $this->wanted,
			'hosting' => [
				'state' => $this->hosting,
				'reason' => $this->hostingReason,
			],
			'certificate' => [
				'state' => $this->certificate,
				'reason' => $this->certificateReason,
				'fix' => $this->fix,
				'nextTryAt' => null === $this->nextTryMs ? null : Instant::format( $this->nextTryMs ),
				'notAfter' => null === $this->notAfterMs ? null : Instant::format( $this->notAfterMs ),
			],
			'lastError' => '' === $this->errorMessage ? null : [ 'message' => $this->errorMessage ],
		];
	}

	/** @param array<string, mixed> $json */
	private static function text( array $json, string $key ): string {
		return is_string( $json[ $key ] ?? null ) ? Excerpt::of( $json[ $key ], 500 ) : '';
	}
}
