<?php

namespace RunCloudRelay\Tests;

use PHPUnit\Framework\TestCase;

/** Every text that a customer sees is there in every language, in the files that WordPress reads. */
final class TranslationsTest extends TestCase {
	private const LANGUAGES = __DIR__ . '/../runcloud-relay/languages/runcloud-relay';
	private const FOR_CUSTOMERS = [ 'src/Status/Wording.php', 'src/Screens/StatusView.php', 'src/Screens/DomainScreens.php' ];

	/** @return array<string, array{0: string}> */
	public static function languages(): array {
		return [
			'Ukrainian' => [ 'uk' ],
			'Romanian' => [ 'ro_RO' ],
			'Swedish' => [ 'sv_SE' ],
			'Portuguese (Brazil)' => [ 'pt_BR' ],
			'Italian' => [ 'it_IT' ],
		];
	}

	/** @dataProvider languages */
	public function testHasEveryTextForCustomers( string $locale ): void {
		$texts = self::textsForCustomers();
		self::assertGreaterThan( 40, count( $texts ) );
		self::assertSame( [], array_diff( $texts, array_keys( self::translations( $locale ) ) ) );
	}

	/** @dataProvider languages */
	public function testKeepsThePlaceholders( string $locale ): void {
		foreach ( self::translations( $locale ) as $text => $translation ) {
			self::assertSame( self::placeholders( $text ), self::placeholders( $translation ), $text );
		}
	}

	/** @return string[] */
	private static function textsForCustomers(): array {
		$texts = [];
		foreach ( explode( "\n\n", (string) file_get_contents( self::LANGUAGES . '.pot' ) ) as $entry ) {
			$isForCustomers = 1 === preg_match( '~^#: .*(' . implode( '|', array_map( 'preg_quote', self::FOR_CUSTOMERS ) ) . ')~m', $entry );
			if ( $isForCustomers && 1 === preg_match( '/^msgid "(.+)"$/m', $entry, $found ) ) {
				$texts[] = stripcslashes( $found[1] );
			}
		}
		return $texts;
	}

	/**
	 * What a compiled file holds (GNU gettext, "The Format of GNU MO Files").
	 *
	 * @return array<string, string>
	 */
	private static function translations( string $locale ): array {
		$bytes = (string) file_get_contents( self::LANGUAGES . "-$locale.mo" );
		$header = unpack( 'Vmagic/Vrevision/Vcount/Vtexts/Vtranslations', $bytes );
		self::assertSame( 0x950412de, $header['magic'] );
		$read = static function ( int $table, int $number ) use ( $bytes ): string {
			$place = unpack( 'Vlength/Voffset', $bytes, $table + 8 * $number );
			return substr( $bytes, $place['offset'], $place['length'] );
		};
		$translations = [];
		// The first entry is the header.
		for ( $number = 1; $number < $header['count']; $number++ ) {
			$translations[ $read( $header['texts'], $number ) ] = $read( $header['translations'], $number );
		}
		return $translations;
	}

	/** @return string[] */
	private static function placeholders( string $text ): array {
		preg_match_all( '/%(\d\$)?[sd]/', $text, $found );
		sort( $found[0] );
		return $found[0];
	}
}
