<?php

namespace RunCloudRelay\Reconcile;

use RunCloudRelay\Http\NoAnswer;
use RunCloudRelay\Http\RelayClient;

/** The relay's own list of the network's domains. */
final class RelayList {
	private const MOST_PAGES = 500;

	/**
	 * The names that it wants present; null if it gave no complete list.
	 *
	 * @return array<string, true>|null
	 */
	public static function wanted( RelayClient $relay ): ?array {
		$wanted = [];
		$cursor = '';
		for ( $page = 0; $page < self::MOST_PAGES; $page++ ) {
			try {
				$response = $relay->read( 'domains?limit=100' . ( '' === $cursor ? '' : '&cursor=' . rawurlencode( $cursor ) ) );
			} catch ( NoAnswer $error ) {
				return null;
			}
			$json = $response->json();
			if ( 200 !== $response->status || ! is_array( $json['domains'] ?? null ) ) {
				return null;
			}
			foreach ( $json['domains'] as $domain ) {
				if ( is_string( $domain['domain'] ?? null ) && 'present' === ( $domain['wanted'] ?? null ) ) {
					$wanted[ $domain['domain'] ] = true;
				}
			}
			if ( ! is_string( $json['cursor'] ?? null ) || '' === $json['cursor'] ) {
				return $wanted;
			}
			$cursor = $json['cursor'];
		}
		return null;
	}
}
