<?php

namespace RunCloudRelay\Tests\Names;

use PHPUnit\Framework\TestCase;
use RunCloudRelay\Names\HostName;

final class HostNameTest extends TestCase {
	/** @return array<string, array{0: string, 1: string|null}> */
	public static function names(): array {
		return [
			'as it is' => [ 'shop.acme-bikes.com', 'shop.acme-bikes.com' ],
			'capitals, blanks, a dot' => [ ' Shop.Acme-Bikes.COM. ', 'shop.acme-bikes.com' ],
			'the longest label' => [ str_repeat( 'a', 63 ) . '.com', str_repeat( 'a', 63 ) . '.com' ],
			'a longer one' => [ str_repeat( 'a', 64 ) . '.com', null ],
			'two labels' => [ 'a.b', 'a.b' ],
			'one label' => [ 'localhost', null ],
			'nothing' => [ '', null ],
			'a wildcard' => [ '*.acme-bikes.com', null ],
			'a port' => [ 'acme-bikes.com:8080', null ],
			'a path' => [ 'acme-bikes.com/shop', null ],
			'an underscore' => [ 'a_b.acme-bikes.com', null ],
			'an address' => [ '203.0.113.10', null ],
			'an address in short' => [ '127.1', null ],
			'a hyphen at the edge' => [ '-a.acme-bikes.com', null ],
			'an empty label' => [ 'shop..com', null ],
			'two dots after it' => [ 'shop.com..', null ],
			'a line break' => [ "shop.com\n.org", null ],
			'a reserved name' => [ 'shop.test', null ],
		];
	}

	/** @dataProvider names */
	public function testHasOneFormAsTheRelayTakesIt( string $raw, ?string $expected ): void {
		self::assertSame( $expected, HostName::normalize( $raw ) );
	}
}
