<?php

namespace RunCloudRelay\Tests\Queue;

use PHPUnit\Framework\TestCase;
use RunCloudRelay\Http\NoAnswer;
use RunCloudRelay\Http\Response;
use RunCloudRelay\Queue\Event;
use RunCloudRelay\Queue\Settlement;
use RunCloudRelay\Tests\Doubles\Bench;
use RunCloudRelay\Tests\Doubles\ScriptedRelay;
use RunCloudRelay\Webhook\RelaySecret;
use RunCloudRelay\Webhook\Signature;

final class SenderTest extends TestCase {
	private static function benchWithAnAdd(): Bench {
		$bench = new Bench();
		$bench->names->hold( Bench::DOMAIN );
		$bench->recorder->observe( Bench::DOMAIN );
		return $bench;
	}

	public function testSendsSignedToTheRouteOfTheType(): void {
		$bench = self::benchWithAnAdd();
		self::assertSame( Settlement::SENT, $bench->sendNext()->state );
		[ $request ] = $bench->relay->requests;
		self::assertSame( 'https://relay.example.org/default/domain-added', $request['url'] );
		$isGood = Signature::verify( RelaySecret::parse( Bench::SECRET ), $request['headers']['webhook-id'], $request['headers']['webhook-timestamp'], $request['body'], $request['headers']['webhook-signature'], intdiv( $bench->clock->nowMs(), 1000 ) );
		self::assertTrue( $isGood );
	}

	public function testRepeatsTheSameIdAndBytesUnderANewTimestampAndSignature(): void {
		$bench = self::benchWithAnAdd();
		$bench->relay->answers( new Response( 503 ), ScriptedRelay::accepted() );
		$bench->sendNext();
		$bench->clock->advance( 10000 );
		self::assertSame( Settlement::SENT, $bench->sendNext()->state );
		[ $first, $second ] = $bench->relay->requests;
		self::assertSame( [ $first['headers']['webhook-id'], $first['body'] ], [ $second['headers']['webhook-id'], $second['body'] ] );
		self::assertSame( 10, (int) $second['headers']['webhook-timestamp'] - (int) $first['headers']['webhook-timestamp'] );
		self::assertNotSame( $first['headers']['webhook-signature'], $second['headers']['webhook-signature'] );
	}

	/** @return array<string, array{0: Response|NoAnswer}> */
	public static function whatMayPass(): array {
		return [
			'no answer' => [ new NoAnswer( 'No answer' ) ],
			'429' => [ new Response( 429 ) ],
			'500' => [ new Response( 500 ) ],
			'503' => [ new Response( 503 ) ],
			'a clock that ran ahead' => [ new Response( 400, '{"type":"https://relay.example.org/problems/too-new"}' ) ],
			'a 200 of a parked address' => [ new Response( 200, '<html>' ) ],
		];
	}

	/**
	 * @dataProvider whatMayPass
	 * @param Response|NoAnswer $answer
	 */
	public function testComesAgainInTenSecondsAfterWhatMayPass( $answer ): void {
		$bench = self::benchWithAnAdd();
		$bench->relay->answers( $answer );
		$settlement = $bench->sendNext();
		self::assertSame( [ Settlement::WAITING, 10000 ], [ $settlement->state, $settlement->dueMs - $bench->clock->nowMs() ] );
		self::assertNull( $bench->sendNext() );
	}

	/** @return array<string, array{0: int}> */
	public static function whatDoesNotPass(): array {
		return [
			'a redirect' => [ 301 ],
			'400' => [ 400 ],
			'401' => [ 401 ],
			'404' => [ 404 ],
			'422' => [ 422 ],
		];
	}

	/** @dataProvider whatDoesNotPass */
	public function testStopsAtOtherAnswers( int $status ): void {
		$bench = self::benchWithAnAdd();
		$bench->relay->answers( new Response( $status, '{"type":"/problems/unauthorized","detail":"Not signed as it must be"}' ) );
		$settlement = $bench->sendNext();
		self::assertSame( [ Settlement::FAILED, "HTTP $status: Not signed as it must be" ], [ $settlement->state, $settlement->note ] );
	}

	public function testWaitsAsLongAsTheRelayAsks(): void {
		$bench = self::benchWithAnAdd();
		$bench->relay->answers( new Response( 503, '', '600' ) );
		self::assertSame( 600000, $bench->sendNext()->dueMs - $bench->clock->nowMs() );
	}

	public function testDropsAnAddOfANameThatIsGone(): void {
		$bench = self::benchWithAnAdd();
		$bench->names->release( Bench::DOMAIN );
		self::assertSame( Settlement::DROPPED, $bench->sendNext()->state );
		self::assertSame( [], $bench->relay->requests );
	}

	public function testDropsARemovalOfANameThatIsBack(): void {
		$bench = new Bench();
		$bench->recorder->observe( Bench::DOMAIN );
		$bench->names->hold( Bench::DOMAIN );
		self::assertSame( Settlement::DROPPED, $bench->sendNext()->state );
	}

	public function testTakesBackAnAddThatMayHaveArrived(): void {
		$bench = self::benchWithAnAdd();
		$bench->relay->answers( new NoAnswer( 'No answer' ) );
		$bench->sendNext();
		$bench->names->release( Bench::DOMAIN );
		$bench->clock->advance( 10000 );
		self::assertSame( Settlement::DROPPED, $bench->sendNext()->state );
		self::assertSame( [ Event::ADDED, Event::REMOVED ], $bench->typesOf( Bench::DOMAIN ) );
	}

	public function testSaysAgainWhatALaterEventOfAnotherContradicts(): void {
		$bench = self::benchWithAnAdd();
		$bench->relay->answers( ScriptedRelay::accepted( 'superseded', '2026-11-21T05:02:00.000Z' ) );
		self::assertSame( Settlement::SENT, $bench->sendNext()->state );
		[ , $again ] = $bench->events->all();
		self::assertSame( [ Event::ADDED, 1795237320001 ], [ $again->type, $again->timestampMs ] );
		self::assertGreaterThan( $bench->clock->nowMs(), $bench->events->dueMs( $again ) );
	}

	public function testLeavesItAtThatWhereItsOwnLaterEventIsMeant(): void {
		$bench = self::benchWithAnAdd();
		$bench->clock->advance( 1000 );
		$bench->names->release( Bench::DOMAIN );
		$bench->recorder->observe( Bench::DOMAIN );
		$bench->names->hold( Bench::DOMAIN );
		$bench->relay->answers( ScriptedRelay::accepted( 'superseded', '2026-11-21T05:00:01.123Z' ) );
		$bench->sendNext();
		self::assertSame( [ Event::ADDED, Event::REMOVED ], $bench->typesOf( Bench::DOMAIN ) );
	}

	public function testRemembersWhatTheRelayHasTakenIn(): void {
		$bench = self::benchWithAnAdd();
		$bench->sendNext();
		self::assertSame( [ Bench::DOMAIN ], array_keys( $bench->domains->present() ) );
		$bench->names->release( Bench::DOMAIN );
		$bench->recorder->observe( Bench::DOMAIN );
		$bench->sendNext();
		self::assertSame( [], $bench->domains->present() );
	}

	public function testSendsWhatWasGivenUpOnceTheRelayTakesEventsInAgain(): void {
		$bench = self::benchWithAnAdd();
		$bench->relay->answers( new Response( 401 ) );
		$bench->sendNext();
		self::assertNull( $bench->sendNext() );
		$bench->names->hold( 'other.acme-bikes.com' );
		$bench->recorder->observe( 'other.acme-bikes.com' );
		self::assertSame( Settlement::SENT, $bench->sendNext()->state );
		self::assertSame( Settlement::SENT, $bench->sendNext()->state );
		self::assertEqualsCanonicalizing( [ Bench::DOMAIN, 'other.acme-bikes.com' ], array_keys( $bench->domains->present() ) );
	}

	public function testDoesNotRepeatWhatWasRefusedForWhatItSays(): void {
		$bench = self::benchWithAnAdd();
		$bench->relay->answers( new Response( 422 ) );
		$bench->sendNext();
		$bench->names->hold( 'other.acme-bikes.com' );
		$bench->recorder->observe( 'other.acme-bikes.com' );
		$bench->sendNext();
		self::assertNull( $bench->sendNext() );
		self::assertSame( 422, $bench->events->refusalOf( Bench::DOMAIN ) );
	}

	public function testSaysAgainNowWhatHasWaitedTooLong(): void {
		$bench = self::benchWithAnAdd();
		$bench->clock->advance( 31 * 24 * 3600 * 1000 );
		$bench->relay->answers( new Response( 400, '{"type":"https://relay.example.org/problems/too-old"}' ) );
		self::assertSame( Settlement::DROPPED, $bench->sendNext()->state );
		[ , $again ] = $bench->events->all();
		self::assertSame( [ Event::ADDED, $bench->clock->nowMs() ], [ $again->type, $again->timestampMs ] );
		$bench->clock->advance( 10000 );
		self::assertSame( Settlement::SENT, $bench->sendNext()->state );
	}

	public function testComesBackToWhatAClockPutFarIntoTheFuture(): void {
		$bench = self::benchWithAnAdd();
		$tooNew = new Response( 400, '{"type":"https://relay.example.org/problems/too-new"}' );
		$bench->relay->answers( $tooNew, $tooNew );
		$bench->sendNext();
		$bench->clock->advance( 24 * 3600 * 1000 );
		self::assertSame( Settlement::FAILED, $bench->sendNext()->state );
		$bench->names->hold( 'other.acme-bikes.com' );
		$bench->recorder->observe( 'other.acme-bikes.com' );
		$bench->sendNext();
		$bench->sendNext();
		self::assertEqualsCanonicalizing( [ Bench::DOMAIN, 'other.acme-bikes.com' ], array_keys( $bench->domains->present() ) );
	}

	public function testLosesNothingToAKilledProcess(): void {
		$bench = self::benchWithAnAdd();
		$killed = $bench->events->claim( 'killed', $bench->clock->nowMs(), 120000 );
		self::assertNotNull( $killed );
		self::assertNull( $bench->sendNext( 'other' ) );
		$bench->clock->advance( 120000 );
		self::assertSame( Settlement::SENT, $bench->sendNext( 'other' )->state );
	}
}
