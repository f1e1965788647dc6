<?php

namespace RunCloudRelay\Tests\Queue;

use PHPUnit\Framework\TestCase;
use RunCloudRelay\Queue\RetrySchedule;

final class RetryScheduleTest extends TestCase {
	private const DAY_MS = 86400000;

	/** @return array<string, array{0: int, 1: int}> */
	public static function delays(): array {
		return [
			'first' => [ 1, 10 ],
			'second' => [ 2, 90 ],
			'third' => [ 3, 300 ],
			'fourth' => [ 4, 900 ],
			'fifth' => [ 5, 1800 ],
			'then hourly' => [ 6, 3600 ],
			'and on' => [ 20, 3600 ],
		];
	}

	/** @dataProvider delays */
	public function testGrowsFromTenSecondsToAnHour( int $tries, int $seconds ): void {
		self::assertSame( 5000 + 1000 * $seconds, RetrySchedule::nextMs( $tries, 0, 5000, null ) );
	}

	public function testEndsAfterADay(): void {
		self::assertNotNull( RetrySchedule::nextMs( 28, 0, self::DAY_MS - 1, null ) );
		self::assertNull( RetrySchedule::nextMs( 28, 0, self::DAY_MS, null ) );
	}

	public function testComesNoSoonerThanTheRelayAsks(): void {
		self::assertSame( 120000, RetrySchedule::nextMs( 1, 0, 0, 120 ) );
		self::assertSame( 300000, RetrySchedule::nextMs( 3, 0, 0, 120 ) );
	}
}
