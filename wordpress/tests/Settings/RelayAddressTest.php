<?php

namespace RunCloudRelay\Tests\Settings;

use PHPUnit\Framework\TestCase;
use RunCloudRelay\Settings\RelayAddress;

final class RelayAddressTest extends TestCase {
	/** @return array<string, array{0: string, 1: string|null}> */
	public static function addresses(): array {
		return [
			'https' => [ 'https://relay.example.org/default', 'https://relay.example.org/default/domain-added' ],
			'a slash after it' => [ ' https://relay.example.org/default/ ', 'https://relay.example.org/default/domain-added' ],
			'a stage in the path' => [ 'https://relay.example.org/prod/shops-2', 'https://relay.example.org/prod/shops-2/domain-added' ],
			'http on this machine' => [ 'http://127.0.0.1:3000/demo', 'http://127.0.0.1:3000/demo/domain-added' ],
			'http elsewhere' => [ 'http://relay.example.org/default', null ],
			'http on a name that begins like this machine' => [ 'http://localhost.example.org/default', null ],
			'no network' => [ 'https://relay.example.org', null ],
			'a network in capitals' => [ 'https://relay.example.org/Default', null ],
			'a user' => [ 'https://user:password@relay.example.org/default', null ],
			'a query' => [ 'https://relay.example.org/default?x=1', null ],
			'no address' => [ 'default', null ],
			'nothing' => [ '', null ],
		];
	}

	/** @dataProvider addresses */
	public function testIsHttpsWithTheNameOfANetworkAtItsEnd( string $text, ?string $expected ): void {
		$address = RelayAddress::parse( $text );
		self::assertSame( $expected, null === $address ? null : $address->url( 'domain-added' ) );
	}
}
