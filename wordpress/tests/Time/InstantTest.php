<?php

namespace RunCloudRelay\Tests\Time;

use PHPUnit\Framework\TestCase;
use RunCloudRelay\Time\Instant;

final class InstantTest extends TestCase {
	public function testIsWrittenWithThreeDigitsOfMilliseconds(): void {
		self::assertSame( '2026-11-21T05:00:00.007Z', Instant::format( 1795237200007 ) );
	}

	/** @return array<string, array{0: string, 1: int|null}> */
	public static function times(): array {
		return [
			'as written' => [ '2026-11-21T05:00:00.123Z', 1795237200123 ],
			'without milliseconds' => [ '2026-11-21T05:00:00Z', 1795237200000 ],
			'finer' => [ '2026-11-21T05:00:00.123456Z', 1795237200123 ],
			'of another zone' => [ '2026-11-21T06:00:00+01:00', 1795237200000 ],
			'words' => [ 'tomorrow', null ],
			'nothing' => [ '', null ],
			'the form of MySQL' => [ '2026-11-21 05:00:00', null ],
			'a month too many' => [ '2026-13-21T05:00:00Z', null ],
		];
	}

	/** @dataProvider times */
	public function testReadsRfc3339AndNothingElse( string $text, ?int $expected ): void {
		self::assertSame( $expected, Instant::parseMs( $text ) );
	}
}
