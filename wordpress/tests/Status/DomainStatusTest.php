<?php

namespace RunCloudRelay\Tests\Status;

use PHPUnit\Framework\TestCase;
use RunCloudRelay\Status\DomainStatus;
use RunCloudRelay\Status\Revival;
use RunCloudRelay\Status\Wording;

final class DomainStatusTest extends TestCase {
	private static function status( string $hosting, string $certificate, string $reason = '', string $wanted = 'present' ): DomainStatus {
		$status = DomainStatus::fromJson(
			[
				'network' => 'default',
				'domain' => 'shop.acme-bikes.com',
				'wanted' => $wanted,
				'hosting' => [
					'state' => $hosting,
					'reason' => null,
					'since' => '2026-11-21T05:00:00.000Z',
					'nextTryAt' => null,
				],
				'certificate' => [
					'state' => $certificate,
					'reason' => '' === $reason ? null : $reason,
					'fix' => null,
					'attempts' => 3,
					'nextTryAt' => '2026-11-21T05:10:00.000Z',
					'notAfter' => null,
					'via' => null,
				],
				'lastError' => null,
				'history' => [],
			],
			1
		);
		self::assertNotNull( $status );
		return $status;
	}

	public function testKeepsWhatItReadWhenItIsStored(): void {
		$status = self::status( 'present', 'waiting-dns', 'dns-mismatch' );
		self::assertEquals( $status, DomainStatus::fromJson( $status->toJson(), 1 ) );
		self::assertSame( 1795237800000, $status->nextTryMs );
	}

	public function testIsNoneWithoutADomainAndItsHosting(): void {
		self::assertNull( DomainStatus::fromJson( [ 'domain' => 'shop.acme-bikes.com' ], 1 ) );
		self::assertNull( DomainStatus::fromJson( [ 'hosting' => [] ], 1 ) );
	}

	/** @return array<string, array{0: string, 1: string, 2: bool, 3: string}> */
	public static function states(): array {
		return [
			'being added' => [ 'pending', 'none', true, Wording::WORKING ],
			'parked' => [ 'parked', 'waiting-dns', true, Wording::ACTION ],
			'waits for DNS' => [ 'present', 'waiting-dns', true, Wording::ACTION ],
			'ordered' => [ 'present', 'requested', true, Wording::WORKING ],
			'ready' => [ 'present', 'valid', false, Wording::GOOD ],
			'no certificate wanted' => [ 'present', 'none', false, Wording::GOOD ],
			'certificate failed' => [ 'present', 'failed', false, Wording::PROBLEM ],
			'failed' => [ 'failed', 'none', false, Wording::PROBLEM ],
			'paused' => [ 'paused', 'pending', true, Wording::WORKING ],
			'being removed' => [ 'removing', 'none', true, Wording::WORKING ],
			'removed' => [ 'absent', 'pending', false, Wording::GOOD ],
		];
	}

	/** @dataProvider states */
	public function testTellsWhatIsOpenAndInWhichTone( string $hosting, string $certificate, bool $isOpen, string $tone ): void {
		$status = self::status( $hosting, $certificate );
		self::assertSame( [ $isOpen, $tone ], [ $status->isOpen(), Wording::of( $status )->tone ] );
	}

	public function testSaysOfARestoredRelayThatItWaits(): void {
		$status = self::status( 'paused', 'valid' );
		self::assertSame( 'The server cannot be reached at the moment.', Wording::of( $status )->headline );
		$status->hostingReason = 'ledger-restored';
		self::assertSame( 'Waiting for news from the server.', Wording::of( $status )->text() );
		self::assertTrue( $status->isOpen() );
	}

	public function testTellsWhatBecameOfARemoval(): void {
		$headline = static fn( string $hosting, string $wanted ) => Wording::of( self::status( $hosting, 'none', '', $wanted ) )->headline;
		self::assertSame( 'The domain could not be removed from the server.', $headline( 'failed', 'absent' ) );
		self::assertSame( 'The domain could not be added to the server.', $headline( 'failed', 'present' ) );
		self::assertSame( 'The domain stays on the server.', $headline( 'present', 'absent' ) );
	}

	public function testTellsThatTheCertificateHoldsNoMoreNames(): void {
		self::assertStringContainsString( 'can hold no more domains', Wording::of( self::status( 'present', 'failed', 'name-limit' ) )->detail );
	}

	public function testGivesEachReasonWordsOfItsOwn(): void {
		$reasons = [ 'dns-none', 'dns-mismatch', 'dns-ipv6', 'dns-caa', 'dns-unanswered' ];
		$texts = array_map( static fn( string $reason ) => Wording::of( self::status( 'present', 'waiting-dns', $reason ) )->text(), $reasons );
		self::assertCount( count( $reasons ), array_unique( $texts ) );
	}

	/** @return array<string, array{0: string, 1: string, 2: bool}> */
	public static function stages(): array {
		return [
			'gave up on the certificate' => [ 'valid', 'ssl-failed', true ],
			'gave up on DNS' => [ 'valid', 'failed', true ],
			'still checking' => [ 'valid', 'checking-ssl-cert', true ],
			'done' => [ 'valid', 'done', false ],
			'served without one by choice' => [ 'valid', 'done-without-ssl', false ],
			'before DNS was checked' => [ 'valid', 'checking-dns', false ],
			'no certificate' => [ 'requested', 'ssl-failed', false ],
		];
	}

	/** @return array<string, array{0: string, 1: string, 2: bool}> */
	public static function stagesLater(): array {
		return [
			'gave up on the certificate' => [ 'valid', 'ssl-failed', true ],
			'gave up on DNS' => [ 'valid', 'failed', true ],
			'still checking' => [ 'valid', 'checking-ssl-cert', false ],
			'before DNS was checked' => [ 'valid', 'checking-dns', false ],
			'done' => [ 'valid', 'done', false ],
			'no certificate' => [ 'requested', 'failed', false ],
		];
	}

	/** @dataProvider stagesLater */
	public function testRevivesAMappingThatGaveUpLaterOnlyWhereNoCheckIsUnderWay( string $certificate, string $stage, bool $isOverdue ): void {
		self::assertSame( $isOverdue, Revival::isOverdue( self::status( 'present', $certificate ), $stage ) );
	}

	/** @dataProvider stages */
	public function testRevivesAMappingOnceItsCertificateIsThere( string $certificate, string $stage, bool $isDue ): void {
		self::assertSame( $isDue, Revival::isDue( self::status( 'present', $certificate ), $stage ) );
	}
}
