<?php

namespace RunCloudRelay\Tests\Reconcile;

use PHPUnit\Framework\TestCase;
use RunCloudRelay\Http\NoAnswer;
use RunCloudRelay\Http\Response;
use RunCloudRelay\Queue\Event;
use RunCloudRelay\Tests\Doubles\Bench;

final class ReconcilerTest extends TestCase {
	private static function page( ?string $cursor, string ...$domains ): Response {
		$rows = array_map(
			static fn( string $domain ) => [
				'domain' => $domain,
				'wanted' => 'present',
			],
			$domains
		);
		return new Response(
			200,
			(string) json_encode(
				[
					'network' => 'default',
					'domains' => $rows,
					'cursor' => $cursor,
				]
			)
		);
	}

	private static function benchWithAnAnnouncedDomain(): Bench {
		$bench = new Bench();
		$bench->names->hold( Bench::DOMAIN );
		$bench->recorder->observe( Bench::DOMAIN );
		$bench->worker->run();
		return $bench;
	}

	public function testTakesOverANetworkThatExistedBefore(): void {
		$bench = new Bench();
		$bench->names->hold( 'a.acme-bikes.com' );
		$bench->names->hold( 'b.acme-bikes.com' );
		$bench->reconciler->run();
		$bench->worker->run();
		self::assertSame( [ 'a.acme-bikes.com', 'b.acme-bikes.com' ], array_keys( $bench->domains->present() ) );
	}

	public function testSaysNothingWhereAllIsTakenIn(): void {
		$bench = self::benchWithAnAnnouncedDomain();
		$bench->reconciler->run();
		self::assertSame( [ Event::ADDED ], $bench->typesOf( Bench::DOMAIN ) );
	}

	public function testRemovesWhatItAnnouncedAndNoLongerHolds(): void {
		$bench = self::benchWithAnAnnouncedDomain();
		$bench->names->release( Bench::DOMAIN );
		$bench->reconciler->run();
		self::assertSame( [ Event::ADDED, Event::REMOVED ], $bench->typesOf( Bench::DOMAIN ) );
	}

	public function testFillsARelayThatLostItsLedger(): void {
		$bench = self::benchWithAnAnnouncedDomain();
		$bench->hasReadToken = true;
		$bench->relay->answers( self::page( 'next', 'other.acme-bikes.com' ), self::page( null ) );
		$bench->reconciler->run();
		self::assertSame( [ Event::ADDED, Event::ADDED ], $bench->typesOf( Bench::DOMAIN ) );
		// Not announced by this network: shown, and left alone.
		self::assertSame( [ 'other.acme-bikes.com' ], $bench->findings['difference']->foreign );
		self::assertSame( [], $bench->typesOf( 'other.acme-bikes.com' ) );
	}

	/** @return array<string, array{0: Response|NoAnswer}> */
	public static function incompleteLists(): array {
		return [
			'no answer' => [ new NoAnswer( 'No answer' ) ],
			'a wrong token' => [ new Response( 401 ) ],
			'no list' => [ new Response( 200, '{}' ) ],
		];
	}

	/**
	 * @dataProvider incompleteLists
	 * @param Response|NoAnswer $answer
	 */
	public function testConcludesNothingFromAListThatIsNotWhole( $answer ): void {
		$bench = self::benchWithAnAnnouncedDomain();
		$bench->hasReadToken = true;
		$bench->relay->answers( self::page( 'next' ), $answer );
		$bench->reconciler->run();
		self::assertSame( [ Event::ADDED ], $bench->typesOf( Bench::DOMAIN ) );
	}

	public function testAddsNoEventWhileOneWaits(): void {
		$bench = new Bench();
		$bench->names->hold( Bench::DOMAIN );
		$bench->recorder->observe( Bench::DOMAIN );
		$bench->relay->answers( new NoAnswer( 'No answer' ) );
		$bench->worker->run();
		$bench->reconciler->run();
		self::assertSame( [ Event::ADDED ], $bench->typesOf( Bench::DOMAIN ) );
	}

	public function testDoesNotRepeatEveryHourWhatTheRelayRefusesForWhatItIs(): void {
		$bench = new Bench();
		$bench->names->hold( Bench::DOMAIN );
		$bench->recorder->observe( Bench::DOMAIN );
		$bench->relay->answers( new Response( 422 ) );
		$bench->worker->run();
		$bench->reconciler->run();
		self::assertSame( [ Event::ADDED ], $bench->typesOf( Bench::DOMAIN ) );
	}

	public function testTriesOneAloneWhereTheSecretWasWrong(): void {
		$bench = new Bench();
		foreach ( [ 'a.acme-bikes.com', 'b.acme-bikes.com', 'c.acme-bikes.com' ] as $domain ) {
			$bench->names->hold( $domain );
			$bench->recorder->observe( $domain );
		}
		$bench->relay->answers( new Response( 401 ), new Response( 401 ), new Response( 401 ) );
		$bench->worker->run();
		$bench->reconciler->run();
		self::assertCount( 4, $bench->events->all() );
		// The first that is taken in lets the others follow.
		$bench->worker->run();
		self::assertCount( 3, $bench->domains->present() );
	}

	public function testLeavesManyRemovalsToAPerson(): void {
		$bench = new Bench();
		for ( $number = 1; $number <= 6; $number++ ) {
			$bench->names->hold( "shop-$number.acme-bikes.com" );
			$bench->recorder->observe( "shop-$number.acme-bikes.com" );
		}
		$bench->worker->run();
		for ( $number = 1; $number <= 6; $number++ ) {
			$bench->names->release( "shop-$number.acme-bikes.com" );
		}
		$bench->reconciler->run();
		self::assertSame( array_fill( 0, 6, Event::ADDED ), array_column( $bench->events->all(), 'type' ) );
		self::assertTrue( $bench->findings['difference']->isAlarming() );
	}

	public function testDoesNothingInACopyOfTheNetwork(): void {
		$bench = new Bench();
		$bench->names->hold( Bench::DOMAIN );
		$bench->isClosed = true;
		$bench->reconciler->run();
		self::assertSame( [], $bench->events->all() );
	}
}
