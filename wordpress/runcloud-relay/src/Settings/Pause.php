<?php

namespace RunCloudRelay\Settings;

/** That the relay has paused this network, because RunCloud refuses it as a whole. */
interface Pause {
	/** @param array<string, string> $details code, message, fix and since */
	public function begin( array $details, int $atMs ): void;

	public function end( int $atMs ): void;

	/** @return array<string, string>|null code, message, fix and since */
	public function current(): ?array;
}
