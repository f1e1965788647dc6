<?php

namespace RunCloudRelay\Queue;

use Closure;
use RunCloudRelay\Names\HeldName;
use RunCloudRelay\Names\HeldNames;
use RunCloudRelay\Names\HostName;
use RunCloudRelay\Time\Clock;
use RunCloudRelay\Webhook\WebhookId;

/** Turns what happened to a name into an event of the queue. Sends nothing itself. */
final class Recorder {
	private HeldNames $names;
	private EventStore $events;
	private DomainStore $domains;
	private Wakeup $wakeup;
	private Clock $clock;
	/** @var Closure(): string 16 random bytes */
	private Closure $randomBytes;

	public function __construct( HeldNames $names, EventStore $events, DomainStore $domains, Wakeup $wakeup, Clock $clock, Closure $randomBytes ) {
		$this->names = $names;
		$this->events = $events;
		$this->domains = $domains;
		$this->wakeup = $wakeup;
		$this->clock = $clock;
		$this->randomBytes = $randomBytes;
	}

	/** Something happened to this name: what is true of it now is announced. Exempt names never are. */
	public function observe( string $raw ): void {
		$domain = HostName::normalize( $raw );
		if ( null !== $domain && ! $this->names->isExempt( $domain ) ) {
			$this->record( $domain, $this->names->find( $domain ) );
		}
	}

	/** Announces the name as held, or as gone. Says nothing if an event that waits already says so. */
	public function record( string $domain, ?HeldName $held, int $delayMs = 0 ): void {
		$type = null === $held ? Event::REMOVED : Event::ADDED;
		$data = null === $held ? [] : [
			'siteId' => $held->siteId,
			'domainId' => $held->domainId,
			'www' => $held->www,
			'native' => $held->native,
		];
		$latest = $this->events->latestOf( $domain );
		if ( null !== $latest && $latest->isWaiting && 0 === $latest->tries && $latest->type === $type && self::saysTheSame( $latest->data(), $data ) ) {
			return;
		}
		$this->add( $type, $domain, $data, $delayMs );
	}

	/** @param string $reason `dns_ready`, `ssl_failed` or `manual` */
	public function requestCertificate( string $raw, string $reason ): bool {
		$domain = HostName::normalize( $raw );
		$held = null === $domain ? null : $this->names->find( $domain );
		if ( null === $domain || null === $held ) {
			return false;
		}
		$this->add(
			Event::SSL_RETRY,
			$domain,
			[
				'siteId' => $held->siteId,
				'domainId' => $held->domainId,
				'www' => $held->www,
				'native' => $held->native,
				'reason' => $reason,
			],
			0
		);
		return true;
	}

	/** @param array<string, mixed> $data */
	private function add( string $type, string $domain, array $data, int $delayMs ): void {
		$nowMs = $this->clock->nowMs();
		$id = WebhookId::fromRandom( ( $this->randomBytes )() );
		$event = Event::make( $id, $type, $domain, $data, $this->domains->nextTimestampMs( $domain, $nowMs ), $nowMs );
		$this->events->add( $event, $nowMs + $delayMs );
		$this->wakeup->wakeAt( $nowMs + $delayMs );
	}

	/**
	 * @param array<string, mixed> $said
	 * @param array<string, mixed> $data
	 */
	private static function saysTheSame( array $said, array $data ): bool {
		return ( $said['www'] ?? null ) === ( $data['www'] ?? null ) && ( $said['native'] ?? null ) === ( $data['native'] ?? null );
	}
}
