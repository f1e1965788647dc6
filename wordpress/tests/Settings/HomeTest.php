<?php

namespace RunCloudRelay\Tests\Settings;

use PHPUnit\Framework\TestCase;
use RunCloudRelay\Settings\Home;

final class HomeTest extends TestCase {
	/** @return array<string, array{0: bool, 1: string, 2: string|null, 3: string}> */
	public static function situations(): array {
		return [
			'set up for the first time' => [ true, 'production', null, Home::READY ],
			'at home' => [ true, 'production', 'network.org', Home::READY ],
			'a copy' => [ true, 'production', 'other.org', Home::COPY ],
			'staging' => [ true, 'staging', 'network.org', Home::NOT_PRODUCTION ],
			'local' => [ true, 'local', null, Home::NOT_PRODUCTION ],
			'not set up' => [ false, 'production', null, Home::INCOMPLETE ],
			'a copy that is not set up' => [ false, 'production', 'other.org', Home::COPY ],
		];
	}

	/** @dataProvider situations */
	public function testSendsInProductionAtHomeOnly( bool $isComplete, string $environment, ?string $storedHost, string $expected ): void {
		self::assertSame( $expected, Home::decide( $isComplete, $environment, $storedHost, 'network.org' ) );
	}
}
