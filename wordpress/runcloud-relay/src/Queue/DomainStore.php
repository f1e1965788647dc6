<?php

namespace RunCloudRelay\Queue;

/** What was said about each domain: when, and what the relay has taken in. */
interface DomainStore {
	/**
	 * The next timestamp for an event about this domain: now, or one millisecond after the last one.
	 * Each is handed out once, whatever the clocks of the web servers say.
	 */
	public function nextTimestampMs( string $domain, int $nowMs ): int;

	/** Later timestamps of this domain will lie after this one. */
	public function advance( string $domain, int $timestampMs ): void;

	/** The relay has taken in an event that made the domain present or absent. An older event changes nothing. */
	public function confirm( Announcement $announcement ): void;

	/** @return array<string, Announcement> by domain: what the relay believes to be present, as far as it knows from us */
	public function present(): array;
}
