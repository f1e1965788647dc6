<?php

namespace RunCloudRelay\Webhook;

/**
 * Signatures after Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`.
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
final class Signature {
	private const TOLERANCE_SECONDS = 300;

	/** One signature for each key, separated by blanks: the relay may know the old secret or the new one. */
	public static function sign( RelaySecret $secret, string $id, int $timestamp, string $body ): string {
		$signatures = [];
		foreach ( $secret->keys() as $key ) {
			$signatures[] = self::signatureOf( $key, $id, (string) $timestamp, $body );
		}
		return implode( ' ', $signatures );
	}

	/** Whether one of the keys signed exactly these bytes under this id within 300 s of now. Compares in constant time. */
	public static function verify( RelaySecret $secret, string $id, string $timestamp, string $body, string $signature, int $nowSeconds ): bool {
		$offered = explode( ' ', $signature, 33 );
		$matches = 0;
		foreach ( $secret->keys() as $key ) {
			$expected = self::signatureOf( $key, $id, $timestamp, $body );
			foreach ( $offered as $candidate ) {
				$matches += hash_equals( $expected, $candidate ) ? 1 : 0;
			}
		}
		$isTimely = 1 === preg_match( '/^[1-9]\d{0,11}$/D', $timestamp ) && abs( $nowSeconds - (int) $timestamp ) <= self::TOLERANCE_SECONDS;
		return $matches > 0 && $isTimely && WebhookId::isValid( $id );
	}

	private static function signatureOf( string $key, string $id, string $timestamp, string $body ): string {
		return 'v1,' . base64_encode( hash_hmac( 'sha256', $id . '.' . $timestamp . '.' . $body, $key, true ) );
	}
}
