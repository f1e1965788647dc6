<?php

namespace RunCloudRelay\Tests\Screens;

use PHPUnit\Framework\TestCase;
use RunCloudRelay\Screens\StatusView;
use RunCloudRelay\Status\DomainStatus;

final class StatusViewTest extends TestCase {
	private const NOW_MS = 1795237200000;

	private static function view( string $certificate, string $reason, string $fix, bool $isForAdmins = false ): string {
		$status = DomainStatus::fromJson(
			[
				'domain' => 'shop.acme-bikes.com',
				'wanted' => 'present',
				'hosting' => [ 'state' => 'present' ],
				'certificate' => [
					'state' => $certificate,
					'reason' => $reason,
					'fix' => $fix,
					'nextTryAt' => '2026-11-21T05:05:00.000Z',
				],
			],
			1
		);
		return StatusView::element( 'shop.acme-bikes.com', $status, self::NOW_MS, $isForAdmins );
	}

	public function testShowsTheExactRecordToSet(): void {
		$html = self::view( 'waiting-dns', 'dns-mismatch', 'Point an A record for shop.acme-bikes.com at 203.0.113.10; it now points at 198.51.100.7' );
		foreach ( [ '<code>A</code>', '<code>shop.acme-bikes.com</code>', '<code>203.0.113.10</code>', 'It now points at 198.51.100.7.', 'in 300 s' ] as $part ) {
			self::assertStringContainsString( $part, $html );
		}
	}

	public function testShowsInItsOwnWordsWhatNamesNoRecord(): void {
		$html = self::view( 'waiting-dns', 'dns-unanswered', 'DNS gave no full answer about shop.acme-bikes.com' );
		self::assertStringContainsString( '<span class="runcloud-relay-fix" lang="en">DNS gave no full answer about shop.acme-bikes.com</span>', $html );
	}

	public function testShowsCustomersNoDomainOfOthers(): void {
		$fix = 'Point an A record for shop.of-another.com at 203.0.113.10';
		self::assertStringNotContainsString( 'of-another', self::view( 'pending', 'held-by-name', $fix ) );
		self::assertStringContainsString( 'of-another', self::view( 'pending', 'held-by-name', $fix, true ) );
	}

	public function testEscapesWhatTheRelaySays(): void {
		self::assertStringNotContainsString( '<script>', self::view( 'waiting-dns', 'dns-mismatch', '<script>alert(1)</script>' ) );
		self::assertStringNotContainsString( '<img', self::view( 'waiting-dns', 'dns-mismatch', 'Point an A record for <img/src=x> at <img/src=y>; it now points at <img src=z>' ) );
	}

	public function testIsToBeLookedAtAgainOnlyWhileWorkIsOpen(): void {
		self::assertStringContainsString( 'data-runcloud-relay-open="1"', self::view( 'requested', '', '' ) );
		self::assertStringContainsString( 'data-runcloud-relay-open="0"', self::view( 'valid', '', '' ) );
	}
}
