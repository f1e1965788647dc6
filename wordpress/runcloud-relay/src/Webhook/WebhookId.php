<?php

namespace RunCloudRelay\Webhook;

/** Names one event. The relay compares ids as text, so they are held to ASCII. */
final class WebhookId {
	/** @param string $bytes 16 random bytes */
	public static function fromRandom( string $bytes ): string {
		return 'wp_' . bin2hex( $bytes );
	}

	public static function isValid( string $id ): bool {
		return 1 === preg_match( '/^[\x21-\x7E]{1,256}$/D', $id );
	}
}
