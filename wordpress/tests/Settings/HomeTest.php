<?php

namespace RunCloudRelay\Tests\Settings;

use PHPUnit\Framework\TestCase;
use RunCloudRelay\Settings\Home;

final class HomeTest extends TestCase {
	/** @return array<string, array{0: bool, 1: bool, 2: string, 3: string|null, 4: string}> */
	public static function situations(): array {
		return [
			'set up for the first time' => [ true, false, 'production', null, Home::READY ],
			'at home' => [ true, false, 'production', 'network.org', Home::READY ],
			'a copy' => [ true, false, 'production', 'other.org', Home::COPY ],
			'staging' => [ true, false, 'staging', 'network.org', Home::NOT_PRODUCTION ],
			'local' => [ true, false, 'local', null, Home::NOT_PRODUCTION ],
			'not set up' => [ false, false, 'production', null, Home::INCOMPLETE ],
			'switched off' => [ true, true, 'production', 'network.org', Home::SWITCHED_OFF ],
			'a copy that is not set up' => [ false, false, 'production', 'other.org', Home::COPY ],
		];
	}

	/** @dataProvider situations */
	public function testSendsInProductionAtHomeOnly( bool $isComplete, bool $isOff, string $environment, ?string $storedHost, string $expected ): void {
		self::assertSame( $expected, Home::decide( $isComplete, $isOff, $environment, $storedHost, 'network.org' ) );
	}
}
