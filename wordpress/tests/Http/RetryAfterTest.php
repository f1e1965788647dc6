<?php

namespace RunCloudRelay\Tests\Http;

use PHPUnit\Framework\TestCase;
use RunCloudRelay\Http\RetryAfter;

final class RetryAfterTest extends TestCase {
	/** @return array<string, array{0: string, 1: int|null}> */
	public static function values(): array {
		return [
			'seconds' => [ '120', 120 ],
			'with blanks' => [ ' 7 ', 7 ],
			'a date' => [ 'Sat, 21 Nov 2026 05:01:00 GMT', 60 ],
			'a date of the old form' => [ 'Saturday, 21-Nov-26 05:01:00 GMT', 60 ],
			'a date of the past' => [ 'Sat, 21 Nov 2026 04:00:00 GMT', 0 ],
			'a year' => [ '31536000', 86400 ],
			'nothing' => [ '', null ],
			'a negative number' => [ '-5', null ],
			'words' => [ 'soon', null ],
			'a relative time' => [ '+1 week', null ],
		];
	}

	/** @dataProvider values */
	public function testReadsSecondsAndDatesAndNothingElse( string $value, ?int $seconds ): void {
		self::assertSame( $seconds, RetryAfter::seconds( $value, 1795237200 ) );
	}
}
