<?php

namespace RunCloudRelay\Tests\Queue;

use PHPUnit\Framework\TestCase;
use RunCloudRelay\Http\NoAnswer;
use RunCloudRelay\Http\Response;
use RunCloudRelay\Tests\Doubles\Bench;

final class WorkerTest extends TestCase {
	private static function benchWithAdds( int $count ): Bench {
		$bench = new Bench();
		for ( $number = 1; $number <= $count; $number++ ) {
			$bench->names->hold( "shop-$number.acme-bikes.com" );
			$bench->recorder->observe( "shop-$number.acme-bikes.com" );
		}
		$bench->wakeups->at = [];
		return $bench;
	}

	public function testSendsAllThatIsDue(): void {
		$bench = self::benchWithAdds( 3 );
		self::assertSame( 3, $bench->worker->run() );
		self::assertCount( 3, $bench->domains->present() );
		self::assertSame( [], $bench->wakeups->at );
	}

	public function testSendsNothingFromACopyOfTheNetwork(): void {
		$bench = self::benchWithAdds( 1 );
		$bench->isClosed = true;
		self::assertSame( 0, $bench->worker->run() );
		self::assertSame( [], $bench->relay->requests );
	}

	public function testWantsToBeWokenWhenTheNextEventIsDue(): void {
		$bench = self::benchWithAdds( 1 );
		$bench->relay->answers( new Response( 503, '', '600' ) );
		$bench->worker->run();
		self::assertSame( [ $bench->clock->nowMs() + 600000 ], $bench->wakeups->at );
	}

	public function testLeavesTheOthersTheirTriesWhereTheRelayIsSilent(): void {
		$bench = self::benchWithAdds( 3 );
		$bench->relay->answers( new NoAnswer( 'No answer' ) );
		self::assertSame( 1, $bench->worker->run() );
		self::assertSame( [ 1, 0, 0 ], array_column( $bench->events->all(), 'tries' ) );
		self::assertSame( [ $bench->clock->nowMs() + 10000 ], $bench->wakeups->at );
	}
}
