<?php

namespace RunCloudRelay\Http;

use RunCloudRelay\Text\Excerpt;
use RunCloudRelay\Time\Instant;

/** What the relay's answer to an event means for its sender. */
final class Answer {
	public const ACCEPTED = 'accepted';
	/** The relay knows a later event about the domain. */
	public const SUPERSEDED = 'superseded';
	public const RETRY = 'retry';
	public const REFUSED = 'refused';

	public string $kind;
	/** One line for people, without anything of the request. */
	public string $note;
	/** The HTTP status; 0 without an answer. */
	public int $status;
	/** The relay's latest timestamp of the domain, if it told. */
	public ?int $latestMs = null;
	public ?int $retryAfterSeconds = null;
	/** The `type` of its problem document; empty if it told none. */
	public string $problem = '';

	private function __construct( string $kind, int $status, string $note ) {
		$this->kind = $kind;
		$this->status = $status;
		$this->note = $note;
	}

	public static function of( Response $response, int $nowSeconds ): self {
		$json = $response->json();
		if ( $response->status >= 200 && $response->status < 300 ) {
			return self::taken( $response, $json );
		}
		$problem = isset( $json['type'] ) && is_string( $json['type'] ) ? substr( (string) strrchr( '/' . $json['type'], '/' ), 1, 40 ) : '';
		$detail = isset( $json['detail'] ) && is_string( $json['detail'] ) ? ': ' . Excerpt::of( $json['detail'], 180 ) : '';
		// A clock ran ahead: the time of the event comes.
		$mayPass = 'too-new' === $problem || 429 === $response->status || $response->status >= 500;
		$answer = new self( $mayPass ? self::RETRY : self::REFUSED, $response->status, 'HTTP ' . $response->status . $detail );
		$answer->problem = $problem;
		if ( $mayPass ) {
			$answer->retryAfterSeconds = RetryAfter::seconds( $response->retryAfter, $nowSeconds );
		}
		return $answer;
	}

	public static function missing( NoAnswer $error ): self {
		return new self( self::RETRY, 0, $error->getMessage() );
	}

	/** @param array<string, mixed> $json */
	private static function taken( Response $response, array $json ): self {
		$status = $json['status'] ?? null;
		if ( ! in_array( $status, [ 'accepted', 'duplicate', 'superseded' ], true ) ) {
			// A proxy or a parked address says "200" to everything; only the relay says what it did.
			return new self( self::RETRY, $response->status, 'HTTP ' . $response->status . ' without the answer of a relay' );
		}
		$answer = new self( 'superseded' === $status ? self::SUPERSEDED : self::ACCEPTED, $response->status, $status );
		$answer->latestMs = isset( $json['latest'] ) && is_string( $json['latest'] ) ? Instant::parseMs( $json['latest'] ) : null;
		return $answer;
	}
}
