<?php

namespace RunCloudRelay\Tests\Status;

use PHPUnit\Framework\TestCase;
use RunCloudRelay\Http\NoAnswer;
use RunCloudRelay\Http\Response;
use RunCloudRelay\Status\StatusReader;
use RunCloudRelay\Tests\Doubles\Bench;
use RunCloudRelay\Tests\Doubles\OutcomeBench;

final class StatusReaderTest extends TestCase {
	private Bench $bench;
	private OutcomeBench $kept;
	private StatusReader $reader;

	protected function setUp(): void {
		$this->bench = new Bench();
		$this->bench->hasReadToken = true;
		$this->kept = new OutcomeBench();
		$this->reader = new StatusReader( $this->kept, $this->kept, $this->bench, $this->bench->clock );
	}

	private static function answer( string $certificate ): Response {
		return new Response(
			200,
			(string) json_encode(
				[
					'network' => 'default',
					'domain' => Bench::DOMAIN,
					'wanted' => 'present',
					'hosting' => [ 'state' => 'present' ],
					'certificate' => [ 'state' => $certificate ],
				]
			)
		);
	}

	public function testAsksTheRelayWithTheReadToken(): void {
		$this->bench->relay->answers( self::answer( 'waiting-dns' ) );
		self::assertSame( 'waiting-dns', $this->reader->current( [ Bench::DOMAIN ] )[ Bench::DOMAIN ]->certificate );
		[ $request ] = $this->bench->relay->requests;
		self::assertSame( 'https://relay.example.org/default/domains/shop.acme-bikes.com', $request['url'] );
		self::assertSame( [ 'authorization' => 'Bearer a-read-token-of-thirty-two-characters' ], $request['headers'] );
	}

	public function testDoesNotAskAboutWhatIsSettled(): void {
		$this->bench->relay->answers( self::answer( 'valid' ) );
		$this->reader->current( [ Bench::DOMAIN ] );
		$this->reader->current( [ Bench::DOMAIN ] );
		self::assertCount( 1, $this->bench->relay->requests );
	}

	public function testAsksNothingWithoutATokenAndFromACopy(): void {
		$this->bench->hasReadToken = false;
		self::assertSame( [], $this->reader->current( [ Bench::DOMAIN ] ) );
		$this->bench->hasReadToken = true;
		$this->bench->isClosed = true;
		self::assertSame( [], $this->reader->current( [ Bench::DOMAIN ] ) );
		self::assertSame( [], $this->bench->relay->requests );
	}

	public function testAsksASilentRelayOnce(): void {
		$this->bench->relay->answers( new NoAnswer( 'No answer' ) );
		$this->reader->current( [ Bench::DOMAIN, 'other.acme-bikes.com' ] );
		self::assertCount( 1, $this->bench->relay->requests );
	}

	public function testRevivesAMappingThatGaveUpAfterItsCertificateHadCome(): void {
		$this->bench->relay->answers( self::answer( 'valid' ) );
		$this->reader->catchUp( [ Bench::DOMAIN ] );
		$this->kept->revived = [];
		$this->reader->catchUp( [ Bench::DOMAIN ] );
		self::assertSame( [ Bench::DOMAIN ], $this->kept->revived );
	}

	public function testRevivesNothingInACopy(): void {
		$this->bench->relay->answers( self::answer( 'valid' ) );
		$this->reader->current( [ Bench::DOMAIN ] );
		$this->bench->isClosed = true;
		$this->reader->catchUp( [ Bench::DOMAIN ] );
		self::assertSame( [], $this->kept->revived );
	}

	public function testWritesIntoTheMappingWhatIsNews(): void {
		$this->bench->relay->answers( self::answer( 'requested' ), self::answer( 'requested' ), self::answer( 'valid' ) );
		for ( $time = 0; $time < 3; $time++ ) {
			$this->reader->catchUp( [ Bench::DOMAIN ] );
		}
		self::assertSame( [ 'requested', 'valid' ], array_column( $this->kept->written, 'certificate' ) );
	}
}
