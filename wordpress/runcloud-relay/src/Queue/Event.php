<?php

namespace RunCloudRelay\Queue;

use RunCloudRelay\Time\Instant;

/** Something that happened to a domain, as the relay is told of it. Its bytes never change, whatever the tries. */
final class Event {
	public const ADDED = 'domain.added';
	public const REMOVED = 'domain.removed';
	public const SSL_RETRY = 'domain.ssl_retry';

	private const ROUTES = [
		self::ADDED => 'domain-added',
		self::REMOVED => 'domain-removed',
		self::SSL_RETRY => 'ssl-retry',
	];

	public string $webhookId;
	public string $type;
	public string $domain;
	public int $timestampMs;
	/** The JSON that is signed and sent. */
	public string $body;
	/** How often sending was begun. */
	public int $tries;
	public int $createdMs;
	/** Waiting to be sent; the other states are final. */
	public bool $isWaiting;

	public function __construct( string $webhookId, string $type, string $domain, int $timestampMs, string $body, int $createdMs, int $tries = 0, bool $isWaiting = true ) {
		$this->webhookId = $webhookId;
		$this->type = $type;
		$this->domain = $domain;
		$this->timestampMs = $timestampMs;
		$this->body = $body;
		$this->createdMs = $createdMs;
		$this->tries = $tries;
		$this->isWaiting = $isWaiting;
	}

	/** @param array<string, mixed> $data fields of the event besides `domain` */
	public static function make( string $webhookId, string $type, string $domain, array $data, int $timestampMs, int $nowMs ): self {
		$body = json_encode(
			[
				'type' => $type,
				'timestamp' => Instant::format( $timestampMs ),
				'data' => array_merge( [ 'domain' => $domain ], $data ),
			],
			JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR
		);
		return new self( $webhookId, $type, $domain, $timestampMs, $body, $nowMs );
	}

	/** @return array<string, mixed> */
	public function data(): array {
		$decoded = json_decode( $this->body, true );
		return is_array( $decoded ) && isset( $decoded['data'] ) && is_array( $decoded['data'] ) ? $decoded['data'] : [];
	}

	/** The relay's route for this type. */
	public function route(): string {
		return self::ROUTES[ $this->type ];
	}
}
