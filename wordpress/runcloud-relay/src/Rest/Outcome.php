<?php

namespace RunCloudRelay\Rest;

use RunCloudRelay\Names\HostName;
use RunCloudRelay\Status\DomainStatus;
use RunCloudRelay\Text\Excerpt;
use RunCloudRelay\Time\Instant;

/** What the relay posts back: a domain that settled or failed, or a network that is paused or goes on. */
final class Outcome {
	public const DOMAIN_TYPES = [ 'domain.settled', 'domain.failed' ];
	public const PAUSED = 'network.paused';
	public const RESUMED = 'network.resumed';

	public string $type;
	public int $timestampMs;
	/** Null for a network's own. */
	public ?DomainStatus $status = null;
	/** @var array<string, string> code, message, fix and since of a pause */
	public array $pause = [];

	private function __construct( string $type, int $timestampMs ) {
		$this->type = $type;
		$this->timestampMs = $timestampMs;
	}

	/** Null for what is no outcome. A type from a newer relay is one, without content. */
	public static function parse( string $body ): ?self {
		$json = json_decode( $body, true, 16 );
		$timestampMs = is_array( $json ) && is_string( $json['timestamp'] ?? null ) ? Instant::parseMs( $json['timestamp'] ) : null;
		if ( ! is_array( $json ) || null === $timestampMs || ! is_string( $json['type'] ?? null ) || ! is_array( $json['data'] ?? null ) ) {
			return null;
		}
		$outcome = new self( $json['type'], $timestampMs );
		if ( in_array( $outcome->type, self::DOMAIN_TYPES, true ) ) {
			$outcome->status = DomainStatus::fromJson( $json['data'], $timestampMs );
			return null === $outcome->status || HostName::normalize( $outcome->status->domain ) !== $outcome->status->domain ? null : $outcome;
		}
		if ( self::PAUSED === $outcome->type ) {
			foreach ( [ 'code', 'message', 'fix', 'since' ] as $key ) {
				$outcome->pause[ $key ] = is_string( $json['data'][ $key ] ?? null ) ? Excerpt::of( $json['data'][ $key ], 500 ) : '';
			}
		}
		return $outcome;
	}
}
