<?php

namespace RunCloudRelay\Tests\Names;

use PHPUnit\Framework\TestCase;
use RunCloudRelay\Names\ExemptNames;

final class ExemptNamesTest extends TestCase {
	public function testHoldsTheNetworksAndTheirWwwInBothDirections(): void {
		$exempt = new ExemptNames( [ 'Network.org', 'www.other.org' ] );
		foreach ( [ 'network.org', 'www.network.org', 'other.org', 'www.other.org' ] as $name ) {
			self::assertTrue( $exempt->contains( $name ), $name );
		}
		foreach ( [ 'shop.network.org', 'mynetwork.org', 'www.shop.network.org' ] as $name ) {
			self::assertFalse( $exempt->contains( $name ), $name );
		}
	}
}
