<?php

namespace RunCloudRelay\Queue;

/** The events of this network, one line each. It is the schedule: what wakes a sender up is only a hint. */
interface EventStore {
	public function add( Event $event, int $dueMs ): void;

	/** The event about a domain with the latest timestamp. */
	public function latestOf( string $domain ): ?Event;

	/**
	 * Takes the next event that is due and that no other process is sending, for as long as the lease lasts.
	 * After that time another process takes it over, so a killed one loses nothing.
	 */
	public function claim( string $owner, int $nowMs, int $leaseMs ): ?Event;

	/** False if the lease was lost meanwhile: then the other process decides. */
	public function settle( Event $event, string $owner, Settlement $settlement, int $nowMs ): bool;

	/** The HTTP status with which the relay refused the latest event of a domain for good; null if it did not. */
	public function refusalOf( string $domain ): ?int;

	/**
	 * The last event that was given up, if any is.
	 *
	 * @return array{status: int, note: string, domain: string}|null
	 */
	public function lastFailure(): ?array;

	/** Takes failures as seen: they are told no more, and not tried again by themselves. */
	public function dismissFailures(): void;

	/** When the earliest waiting event is due; null if none waits. */
	public function nextDueMs(): ?int;

	/** Makes events that failed wait again. */
	public function reopenFailed( int $nowMs ): void;

	/** The same for those that the relay did not refuse for what they say: it takes events in again. */
	public function reopenGivenUp( int $nowMs ): void;

	/** Takes back failures of a domain that a later event has made up for. */
	public function forgetFailures( string $domain, int $beforeTimestampMs ): void;

	/** Forgets what ended before that time. */
	public function purge( int $endedBeforeMs ): void;

	/** @return array<string, int> how many events are in each state */
	public function counts(): array;

	/**
	 * The last events, newest first; of one domain if given.
	 *
	 * @return array<int, array{type: string, domain: string, state: string, tries: int, note: string, at: int, due: int}>
	 */
	public function recent( int $limit, ?string $domain = null ): array;
}
