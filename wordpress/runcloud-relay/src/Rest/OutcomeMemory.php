<?php

namespace RunCloudRelay\Rest;

interface OutcomeMemory {
	public function knows( string $webhookId ): bool;

	/** Remembers the id for longer than its signature is good. */
	public function remember( string $webhookId, int $nowMs ): void;

	/** Counts a request of this kind. False once there were too many in this minute. */
	public function admit( string $kind, int $mostInAMinute, int $nowMs ): bool;
}
