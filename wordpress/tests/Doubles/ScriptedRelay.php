<?php

namespace RunCloudRelay\Tests\Doubles;

use RunCloudRelay\Http\NoAnswer;
use RunCloudRelay\Http\Response;
use RunCloudRelay\Http\Transport;

/** A relay that gives the answers it was told to give, and remembers what it was sent. */
final class ScriptedRelay implements Transport {
	/** @var array<int, Response|NoAnswer> */
	private array $answers = [];
	/** @var array<int, array{url: string, headers: array<string, string>, body: string}> */
	public array $requests = [];

	/** @param Response|NoAnswer ...$answers */
	public function answers( ...$answers ): void {
		array_push( $this->answers, ...$answers );
	}

	public static function accepted( string $status = 'accepted', string $latest = '2026-11-21T05:00:00.123Z' ): Response {
		return new Response(
			202,
			(string) json_encode(
				[
					'status' => $status,
					'latest' => $latest,
				]
			)
		);
	}

	public function post( string $url, array $headers, string $body ): Response {
		$this->requests[] = compact( 'url', 'headers', 'body' );
		$answer = array_shift( $this->answers ) ?? self::accepted();
		if ( $answer instanceof NoAnswer ) {
			throw $answer;
		}
		return $answer;
	}

	public function get( string $url, array $headers, int $timeoutSeconds ): Response {
		return $this->post( $url, $headers, '' );
	}
}
