<?php

namespace RunCloudRelay\Tests\Doubles;

use RunCloudRelay\Time\Clock;

final class ManualClock implements Clock {
	public const START_MS = 1795237200123;

	private int $nowMs = self::START_MS;

	public function nowMs(): int {
		return $this->nowMs;
	}

	public function advance( int $ms ): void {
		$this->nowMs += $ms;
	}
}
