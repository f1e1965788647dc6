<?php

namespace RunCloudRelay\Tests\Reconcile;

use PHPUnit\Framework\TestCase;
use RunCloudRelay\Names\HeldName;
use RunCloudRelay\Queue\Announcement;
use RunCloudRelay\Reconcile\Difference;

final class DifferenceTest extends TestCase {
	/** @return HeldName[] */
	private static function held( string ...$domains ): array {
		return array_map( static fn( string $domain ) => new HeldName( $domain, 1, 1, false, false ), $domains );
	}

	/** @return array<string, Announcement> */
	private static function announced( string ...$domains ): array {
		return array_combine( $domains, array_map( static fn( string $domain ) => new Announcement( $domain, true, false, false, 1, 1 ), $domains ) );
	}

	public function testFindsNothingWhereAllIsKnown(): void {
		$difference = Difference::between( self::held( 'a.org', 'b.org' ), self::announced( 'a.org', 'b.org' ), null );
		self::assertSame( [ [], [], [], 2 ], [ $difference->missing, $difference->gone, $difference->foreign, $difference->held ] );
	}

	public function testAnnouncesANetworkThatExistedBefore(): void {
		$difference = Difference::between( self::held( 'a.org', 'b.org' ), [], null );
		self::assertSame( [ 'a.org', 'b.org' ], array_column( $difference->missing, 'domain' ) );
	}

	public function testAnnouncesAgainWhatARelayThatWasSetUpAnewDoesNotList(): void {
		$difference = Difference::between( self::held( 'a.org', 'b.org' ), self::announced( 'a.org', 'b.org' ), [ 'a.org' => true ] );
		self::assertSame( [ 'b.org' ], array_column( $difference->missing, 'domain' ) );
	}

	public function testAnnouncesAgainWhoseWwwHasChanged(): void {
		$difference = Difference::between( [ new HeldName( 'a.org', 1, 1, true, false ) ], self::announced( 'a.org' ), null );
		self::assertSame( [ 'a.org' ], array_column( $difference->missing, 'domain' ) );
	}

	public function testRemovesOnlyWhatThisNetworkAnnounced(): void {
		$difference = Difference::between( self::held( 'a.org' ), self::announced( 'a.org', 'b.org' ), [
			'a.org' => true,
			'b.org' => true,
			'c.org' => true,
		] );
		self::assertSame( [ [ 'b.org' ], [ 'c.org' ] ], [ $difference->gone, $difference->foreign ] );
	}

	public function testLeavesItToAPersonWhenATableWasEmptied(): void {
		$many = array_map( static fn( int $number ) => "shop$number.org", range( 1, 6 ) );
		self::assertTrue( Difference::between( [], self::announced( ...$many ), null )->isAlarming() );
		self::assertFalse( Difference::between( [], self::announced( ...array_slice( $many, 1 ) ), null )->isAlarming() );
	}
}
