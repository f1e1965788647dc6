<?php

namespace RunCloudRelay\Http;

/** WordPress's own HTTP client, with the network's proxy settings and certificates. */
final class WordPressTransport implements Transport {
	private const TIMEOUT_SECONDS = 15;
	private const MOST_BYTES = 1048576;

	public function post( string $url, array $headers, string $body ): Response {
		return $this->request(
			$url,
			[
				'method' => 'POST',
				'headers' => $headers,
				'body' => $body,
			]
		);
	}

	public function get( string $url, array $headers, int $timeoutSeconds ): Response {
		return $this->request(
			$url,
			[
				'method' => 'GET',
				'headers' => $headers,
				'timeout' => $timeoutSeconds,
			]
		);
	}

	/** @param array<string, mixed> $args */
	private function request( string $url, array $args ): Response {
		$args += [
			'timeout' => self::TIMEOUT_SECONDS,
			// A redirect would carry the signature to another host.
			'redirection' => 0,
			'limit_response_size' => self::MOST_BYTES,
			'user-agent' => 'runcloud-relay-wordpress/' . RUNCLOUD_RELAY_VERSION,
		];
		$answer = wp_remote_request( $url, $args );
		if ( is_wp_error( $answer ) ) {
			throw new NoAnswer( 'No answer from the relay (' . $answer->get_error_code() . ')' );
		}
		$retryAfter = wp_remote_retrieve_header( $answer, 'retry-after' );
		return new Response( (int) wp_remote_retrieve_response_code( $answer ), wp_remote_retrieve_body( $answer ), is_string( $retryAfter ) ? $retryAfter : '' );
	}
}
