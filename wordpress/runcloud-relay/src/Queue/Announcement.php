<?php

namespace RunCloudRelay\Queue;

/** What the relay has last taken in from us about a domain. */
final class Announcement {
	public string $domain;
	public bool $isPresent;
	public bool $www;
	public bool $native;
	public int $siteId;
	public int $timestampMs;

	public function __construct( string $domain, bool $isPresent, bool $www, bool $native, int $siteId, int $timestampMs ) {
		$this->domain = $domain;
		$this->isPresent = $isPresent;
		$this->www = $www;
		$this->native = $native;
		$this->siteId = $siteId;
		$this->timestampMs = $timestampMs;
	}

	public static function of( Event $event ): self {
		$data = $event->data();
		return new self( $event->domain, Event::ADDED === $event->type, ! empty( $data['www'] ), ! empty( $data['native'] ), (int) ( $data['siteId'] ?? 0 ), $event->timestampMs );
	}
}
