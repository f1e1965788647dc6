<?php

namespace RunCloudRelay\Tests\Queue;

use PHPUnit\Framework\TestCase;
use RunCloudRelay\Queue\Event;
use RunCloudRelay\Tests\Doubles\Bench;
use RunCloudRelay\Tests\Doubles\ManualClock;

final class RecorderTest extends TestCase {
	public function testAnnouncesWhatTheNetworkHolds(): void {
		$bench = new Bench();
		$bench->names->hold( Bench::DOMAIN );
		$bench->recorder->observe( 'Shop.Acme-Bikes.com' );
		[ $event ] = $bench->events->all();
		self::assertSame(
			'{"type":"domain.added","timestamp":"2026-11-21T05:00:00.123Z","data":{"domain":"shop.acme-bikes.com","siteId":12,"domainId":57,"www":false,"native":false}}',
			$event->body
		);
		self::assertSame( [ ManualClock::START_MS ], $bench->wakeups->at );
	}

	public function testAnnouncesTheRemovalOfWhatIsNotHeldAnyMore(): void {
		$bench = new Bench();
		$bench->recorder->observe( Bench::DOMAIN );
		self::assertSame( [ Event::REMOVED ], $bench->typesOf( Bench::DOMAIN ) );
	}

	public function testDoesNotRemoveANameThatATwinStillHolds(): void {
		$bench = new Bench();
		$bench->names->hold( Bench::DOMAIN );
		$bench->recorder->observe( Bench::DOMAIN );
		$bench->recorder->observe( Bench::DOMAIN );
		self::assertSame( [ Event::ADDED ], $bench->typesOf( Bench::DOMAIN ) );
	}

	/** @return array<string, array{0: string}> */
	public static function exemptNames(): array {
		return [
			'the network' => [ 'network.org' ],
			'its www' => [ 'www.network.org' ],
			'an example' => [ 'shop.example.com' ],
			'a test name' => [ 'shop.test' ],
			'one label' => [ 'localhost' ],
			'an address' => [ '203.0.113.10' ],
			'an underscore' => [ 'a_b.acme-bikes.com' ],
		];
	}

	/** @dataProvider exemptNames */
	public function testNeverAnnouncesAnExemptName( string $name ): void {
		$bench = new Bench();
		$bench->recorder->observe( $name );
		self::assertSame( [], $bench->events->all() );
	}

	public function testGivesEventsOfOneDomainGrowingTimestampsUnderAClockThatStands(): void {
		$bench = new Bench();
		foreach ( [ 'hold', 'release', 'hold' ] as $change ) {
			$bench->names->$change( Bench::DOMAIN );
			$bench->recorder->observe( Bench::DOMAIN );
		}
		self::assertSame(
			[ ManualClock::START_MS, ManualClock::START_MS + 1, ManualClock::START_MS + 2 ],
			array_column( $bench->events->all(), 'timestampMs' )
		);
	}

	public function testSaysASecondTimeWhatMayHaveBeenSentAlready(): void {
		$bench = new Bench();
		$bench->names->hold( Bench::DOMAIN );
		$bench->recorder->observe( Bench::DOMAIN );
		$bench->events->claim( 'one', $bench->clock->nowMs(), 1000 );
		$bench->recorder->observe( Bench::DOMAIN );
		self::assertSame( [ Event::ADDED, Event::ADDED ], $bench->typesOf( Bench::DOMAIN ) );
	}

	public function testAsksForTheCertificateOfHeldNamesOnly(): void {
		$bench = new Bench();
		self::assertFalse( $bench->recorder->requestCertificate( Bench::DOMAIN, 'manual' ) );
		$bench->names->hold( Bench::DOMAIN );
		self::assertTrue( $bench->recorder->requestCertificate( Bench::DOMAIN, 'dns_ready' ) );
		[ $event ] = $bench->events->all();
		self::assertSame( [ 'ssl-retry', 'dns_ready' ], [ $event->route(), $event->data()['reason'] ] );
	}
}
