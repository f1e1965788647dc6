<?php

namespace RunCloudRelay\Tests\Status;

use PHPUnit\Framework\TestCase;
use RunCloudRelay\Status\DnsRecord;

/** Held to the same sentences as the relay, which writes them. */
final class DnsRecordTest extends TestCase {
	/** @return array<string, array{0: string, 1: array<string, string>|null}> */
	public static function fixes(): array {
		$file = dirname( __DIR__, 3 ) . '/test/vectors/dns-fix.json';
		$cases = json_decode( (string) file_get_contents( $file ), true, 16, JSON_THROW_ON_ERROR )['fixes'];
		return array_column( array_map( static fn( array $case ) => [ $case['name'], [ $case['fix'], $case['record'] ] ], $cases ), 1, 0 );
	}

	/**
	 * @dataProvider fixes
	 * @param array<string, string>|null $expected
	 */
	public function testReadsTheRecordOutOfTheSentence( string $fix, ?array $expected ): void {
		$record = DnsRecord::fromFix( $fix );
		self::assertSame( $expected, null === $record ? null : get_object_vars( $record ) );
	}
}
