<?php

namespace RunCloudRelay\Text;

/** The beginning of a text from outside. Half a character would have WordPress refuse the whole row, and print nothing of the text. */
final class Excerpt {
	public static function of( string $text, int $mostBytes ): string {
		if ( strlen( $text ) <= $mostBytes ) {
			return $text;
		}
		$bytes = $mostBytes;
		// The bytes of a character in UTF-8 after its first one.
		while ( $bytes > 0 && 0x80 === ( ord( $text[ $bytes ] ) & 0xC0 ) ) {
			--$bytes;
		}
		return substr( $text, 0, $bytes );
	}
}
