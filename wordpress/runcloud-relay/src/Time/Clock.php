<?php

namespace RunCloudRelay\Time;

interface Clock {
	/** Milliseconds since 1970. */
	public function nowMs(): int;
}
