<?php

namespace RunCloudRelay\Reconcile;

/** What the last comparison found, for the people of the network. */
interface Findings {
	/** @param bool $isComplete whether all that was missing has been announced */
	public function save( Difference $difference, bool $isComplete, int $nowMs ): void;

	/** @return array<string, mixed>|null */
	public function last(): ?array;
}
