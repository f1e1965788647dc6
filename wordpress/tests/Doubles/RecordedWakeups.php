<?php

namespace RunCloudRelay\Tests\Doubles;

use RunCloudRelay\Queue\Wakeup;

final class RecordedWakeups implements Wakeup {
	/** @var int[] */
	public array $at = [];

	public function wakeAt( int $atMs ): void {
		$this->at[] = $atMs;
	}

	public function reconcileSoon(): void {}

	public function schedule(): void {}

	public function unschedule(): void {}
}
