<?php

namespace RunCloudRelay\Tests\Rest;

use PHPUnit\Framework\TestCase;
use RunCloudRelay\Tests\Doubles\OutcomeBench;

final class OutcomeReceiverTest extends TestCase {
	private const SETTLED = '{"type":"domain.settled","timestamp":"2026-11-21T05:00:00.000Z","data":{"network":"default","domain":"shop.acme-bikes.com","wanted":"present","siteId":12,"domainId":57,"inReplyTo":null,"hosting":{"state":"present","reason":null},"certificate":{"state":"valid","reason":null},"lastError":null}}';

	public function testStoresTheStatusAndWritesItIntoTheMapping(): void {
		$bench = new OutcomeBench();
		self::assertSame( 202, $bench->receive( self::SETTLED ) );
		self::assertSame( 'valid', $bench->saved['shop.acme-bikes.com']->certificate );
		self::assertSame( [ 'shop.acme-bikes.com' ], array_column( $bench->written, 'domain' ) );
	}

	public function testTakesARepetitionInOnce(): void {
		$bench = new OutcomeBench();
		self::assertSame( [ 202, 200 ], [ $bench->receive( self::SETTLED ), $bench->receive( self::SETTLED ) ] );
		self::assertCount( 1, $bench->written );
	}

	public function testTakesItInAgainWhereItFailedBefore(): void {
		$bench = new OutcomeBench();
		$bench->writingFails = true;
		try {
			$bench->receive( self::SETTLED );
			self::fail( 'The fault was swallowed.' );
		} catch ( \RuntimeException $error ) {
			$bench->writingFails = false;
		}
		self::assertSame( 202, $bench->receive( self::SETTLED ) );
	}

	public function testReadsNothingWithoutAGoodSignature(): void {
		$bench = new OutcomeBench();
		self::assertSame( 401, $bench->receive( self::SETTLED, 'msg_1', 'v1,AAAA' ) );
		self::assertSame( [], $bench->saved );
	}

	public function testRefusesASignatureOfFiveMinutesAgo(): void {
		$bench = new OutcomeBench();
		self::assertSame( 401, $bench->receive( self::SETTLED, 'msg_1', null, -301 ) );
	}

	public function testRefusesAllWithoutASecret(): void {
		$bench = new OutcomeBench();
		self::assertSame( 401, $bench->receiver->receive( self::SETTLED, 'msg_1', '1795237200', 'v1,', null ) );
	}

	public function testBoundsTheBodyBeforeItIsHashed(): void {
		$bench = new OutcomeBench();
		self::assertSame( 413, $bench->receive( str_repeat( ' ', 65537 ) ) );
	}

	public function testBoundsTheRate(): void {
		$bench = new OutcomeBench();
		for ( $number = 0; $number < 60; $number++ ) {
			self::assertSame( 401, $bench->receive( '{}', "msg_$number", 'v1,AAAA' ) );
		}
		self::assertSame( 429, $bench->receive( '{}', 'msg_60', 'v1,AAAA' ) );
		// What is signed is not kept out by what is not.
		self::assertSame( 202, $bench->receive( self::SETTLED ) );
	}

	/** @return array<string, array{0: string}> */
	public static function malformed(): array {
		return [
			'no JSON' => [ '{' ],
			'a list' => [ '[]' ],
			'no time' => [ '{"type":"domain.settled","data":{}}' ],
			'no domain' => [ '{"type":"domain.settled","timestamp":"2026-11-21T05:00:00.000Z","data":{}}' ],
			'a name that is none' => [ str_replace( 'shop.acme-bikes.com', '<script>', self::SETTLED ) ],
		];
	}

	/** @dataProvider malformed */
	public function testRefusesWhatIsNoOutcome( string $body ): void {
		self::assertSame( 400, ( new OutcomeBench() )->receive( $body ) );
	}

	public function testTakesATypeOfANewerRelayWithoutDoingAnything(): void {
		$bench = new OutcomeBench();
		self::assertSame( 202, $bench->receive( '{"type":"domain.renamed","timestamp":"2026-11-21T05:00:00.000Z","data":{}}' ) );
		self::assertSame( [], $bench->saved );
	}

	public function testCutsNoCharacterOfALongTextInTwo(): void {
		$bench = new OutcomeBench();
		$long = str_repeat( 'x', 499 ) . '’s';
		$bench->receive( '{"type":"network.paused","timestamp":"2026-11-21T05:00:00.000Z","data":{"message":"' . $long . '"}}', 'msg_1' );
		self::assertSame( str_repeat( 'x', 499 ), $bench->pause['message'] );
		$bench->receive( str_replace( '"state":"valid"', '"state":"valid","fix":"' . $long . '"', self::SETTLED ), 'msg_2' );
		self::assertSame( str_repeat( 'x', 499 ), $bench->saved['shop.acme-bikes.com']->fix );
	}

	public function testKeepsAPauseUntilTheNetworkGoesOn(): void {
		$bench = new OutcomeBench();
		$bench->receive( '{"type":"network.paused","timestamp":"2026-11-21T05:00:00.000Z","data":{"network":"default","code":"runcloud-unauthorized","message":"RunCloud refuses the token.","fix":"Make a new one.","since":"2026-11-21T05:00:00.000Z"}}', 'msg_1' );
		self::assertSame( 'Make a new one.', $bench->pause['fix'] );
		$bench->receive( '{"type":"network.resumed","timestamp":"2026-11-21T05:10:00.000Z","data":{"network":"default"}}', 'msg_2' );
		self::assertNull( $bench->pause );
	}
}
