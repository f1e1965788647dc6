<?php

namespace RunCloudRelay\Http;

final class Response {
	public int $status;
	public string $body;
	/** As it came; empty if there was none. */
	public string $retryAfter;

	public function __construct( int $status, string $body = '', string $retryAfter = '' ) {
		$this->status = $status;
		$this->body = $body;
		$this->retryAfter = $retryAfter;
	}

	/** @return array<string, mixed> empty for what is no JSON object */
	public function json(): array {
		$decoded = json_decode( $this->body, true );
		return is_array( $decoded ) ? $decoded : [];
	}
}
