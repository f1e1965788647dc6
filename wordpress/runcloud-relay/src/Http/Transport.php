<?php

namespace RunCloudRelay\Http;

interface Transport {
	/**
	 * @param array<string, string> $headers
	 * @throws NoAnswer
	 */
	public function post( string $url, array $headers, string $body ): Response;

	/**
	 * @param array<string, string> $headers
	 * @throws NoAnswer
	 */
	public function get( string $url, array $headers, int $timeoutSeconds ): Response;
}
