<?php

namespace RunCloudRelay\Tests\Settings;

use PHPUnit\Framework\TestCase;
use RunCloudRelay\Settings\Encryption;

final class EncryptionTest extends TestCase {
	public function testGivesBackWhatItHid(): void {
		$encryption = new Encryption( 'salt' );
		$stored = $encryption->encrypt( 'whsec_secret' );
		self::assertStringNotContainsString( 'secret', $stored );
		self::assertSame( 'whsec_secret', $encryption->decrypt( $stored ) );
	}

	public function testWritesTheSameTextDifferentlyEachTime(): void {
		$encryption = new Encryption( 'salt' );
		self::assertNotSame( $encryption->encrypt( 'text' ), $encryption->encrypt( 'text' ) );
	}

	/** @return array<string, array{0: string}> */
	public static function unreadable(): array {
		return [
			'nothing' => [ '' ],
			'plain text' => [ 'whsec_secret' ],
			'too short' => [ 'v1:AAAA' ],
			'no base64' => [ 'v1:*' ],
			'of another salt' => [ ( new Encryption( 'other' ) )->encrypt( 'text' ) ],
			'changed' => [ substr( ( new Encryption( 'salt' ) )->encrypt( 'text' ), 0, -4 ) . 'AAA=' ],
		];
	}

	/** @dataProvider unreadable */
	public function testIsEmptyForWhatItCannotRead( string $stored ): void {
		self::assertSame( '', ( new Encryption( 'salt' ) )->decrypt( $stored ) );
	}
}
