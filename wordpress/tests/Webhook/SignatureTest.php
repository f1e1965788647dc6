<?php

namespace RunCloudRelay\Tests\Webhook;

use PHPUnit\Framework\TestCase;
use RunCloudRelay\Webhook\RelaySecret;
use RunCloudRelay\Webhook\Signature;

/** Held to the same vectors as the relay itself. */
final class SignatureTest extends TestCase {
	/** @return array<string, array{0: array<string, string>}> */
	public static function vectors( string $kind ): array {
		$file = dirname( __DIR__, 3 ) . '/test/vectors/signature.json';
		$vectors = json_decode( (string) file_get_contents( $file ), true, 16, JSON_THROW_ON_ERROR );
		return array_map( static fn( array $vector ) => [ $vector ], array_column( $vectors[ $kind ], null, 'name' ) );
	}

	/** @return array<string, array{0: array<string, string>}> */
	public static function valid(): array {
		return self::vectors( 'valid' );
	}

	/** @return array<string, array{0: array<string, string>}> */
	public static function invalid(): array {
		return self::vectors( 'invalid' );
	}

	/**
	 * @dataProvider valid
	 * @param array<string, string> $vector
	 */
	public function testSignsAsTheRelayExpects( array $vector ): void {
		self::assertSame( $vector['signature'], Signature::sign( self::secret( $vector['secret'] ), $vector['id'], (int) $vector['timestamp'], $vector['body'] ) );
	}

	/**
	 * @dataProvider valid
	 * @param array<string, string> $vector
	 */
	public function testTakesWhatTheRelaySigns( array $vector ): void {
		self::assertTrue( self::verify( $vector, (int) $vector['timestamp'] ) );
	}

	/**
	 * @dataProvider invalid
	 * @param array<string, string> $vector
	 */
	public function testRefusesWhatIsNotSignedSo( array $vector ): void {
		self::assertFalse( self::verify( $vector, (int) $vector['timestamp'] ) );
	}

	public function testTakesFiveMinutesOfDifferentClocksAndNoSecondMore(): void {
		$vector = self::valid()['an event'][0];
		$at = (int) $vector['timestamp'];
		self::assertSame( [ true, true, false, false ], [ self::verify( $vector, $at + 300 ), self::verify( $vector, $at - 300 ), self::verify( $vector, $at + 301 ), self::verify( $vector, $at - 301 ) ] );
	}

	public function testSignsWithEachSecretWhileOneReplacesAnother(): void {
		[ $old, $new ] = [ self::valid()['an event'][0], self::valid()['another secret'][0] ];
		$both = Signature::sign( self::secret( $old['secret'] . ' ' . $new['secret'] ), $old['id'], (int) $old['timestamp'], $old['body'] );
		self::assertSame( $old['signature'] . ' ' . $new['signature'], $both );
		self::assertTrue( self::verify( array_merge( $new, [ 'signature' => $both ] ), (int) $new['timestamp'] ) );
	}

	/** @return array<string, array{0: string}> */
	public static function malformedSecrets(): array {
		return [
			'nothing' => [ '' ],
			'no mark' => [ 'cmVsYXk=' ],
			'an empty key' => [ 'whsec_' ],
			'no base64' => [ 'whsec_a-b' ],
			'one of two' => [ 'whsec_cmVsYXk= whsec_' ],
			'a line break after it' => [ "whsec_cmVsYXk=\nx" ],
		];
	}

	/** @dataProvider malformedSecrets */
	public function testTakesNoMalformedSecret( string $text ): void {
		self::assertNull( RelaySecret::parse( $text ) );
	}

	public function testShowsNoKeyInADump(): void {
		$secret = self::secret( self::valid()['an event'][0]['secret'] );
		self::assertStringNotContainsString( $secret->keys()[0], print_r( $secret, true ) );
	}

	/** @param array<string, string> $vector */
	private static function verify( array $vector, int $nowSeconds ): bool {
		return Signature::verify( self::secret( $vector['secret'] ), $vector['id'], $vector['timestamp'], $vector['body'], $vector['signature'], $nowSeconds );
	}

	private static function secret( string $text ): RelaySecret {
		$secret = RelaySecret::parse( $text );
		self::assertNotNull( $secret );
		return $secret;
	}
}
