<?php

namespace RunCloudRelay\Http;

use RunCloudRelay\Queue\Event;
use RunCloudRelay\Settings\RelayAddress;
use RunCloudRelay\Time\Clock;
use RunCloudRelay\Webhook\RelaySecret;
use RunCloudRelay\Webhook\Signature;

/** Speaks to the relay. It never repeats a request. */
final class RelayClient {
	private Transport $transport;
	private Clock $clock;
	private RelayAddress $address;

	public function __construct( Transport $transport, Clock $clock, RelayAddress $address ) {
		$this->transport = $transport;
		$this->clock = $clock;
		$this->address = $address;
	}

	public function send( Event $event, RelaySecret $secret ): Answer {
		try {
			$response = $this->post( $event->route(), $event->webhookId, $event->body, $secret );
		} catch ( NoAnswer $error ) {
			return Answer::missing( $error );
		}
		return Answer::of( $response, $this->nowSeconds() );
	}

	/**
	 * Whether the relay takes signatures made with this secret. Sends an event without content: only what has a
	 * good signature is read so far that its content is refused.
	 *
	 * @throws NoAnswer
	 */
	public function probe( string $webhookId, RelaySecret $secret ): Response {
		return $this->post( 'domain-added', $webhookId, '{}', $secret );
	}

	/**
	 * A read, with the token for reads.
	 *
	 * @param string $path such as `connection` or `domains/shop.acme-bikes.com`
	 * @throws NoAnswer
	 */
	public function read( string $path, string $token, int $timeoutSeconds = 10 ): Response {
		return $this->transport->get( $this->address->url( $path ), [ 'authorization' => 'Bearer ' . $token ], $timeoutSeconds );
	}

	private function post( string $route, string $webhookId, string $body, RelaySecret $secret ): Response {
		$timestamp = $this->nowSeconds();
		return $this->transport->post(
			$this->address->url( $route ),
			[
				'content-type' => 'application/json',
				'webhook-id' => $webhookId,
				'webhook-timestamp' => (string) $timestamp,
				'webhook-signature' => Signature::sign( $secret, $webhookId, $timestamp, $body ),
			],
			$body
		);
	}

	private function nowSeconds(): int {
		return intdiv( $this->clock->nowMs(), 1000 );
	}
}
