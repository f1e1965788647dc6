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
	private RelaySecret $secret;
	private ?string $readToken;

	public function __construct( Transport $transport, Clock $clock, RelayAddress $address, RelaySecret $secret, ?string $readToken ) {
		$this->transport = $transport;
		$this->clock = $clock;
		$this->address = $address;
		$this->secret = $secret;
		$this->readToken = $readToken;
	}

	public function send( Event $event ): Answer {
		try {
			$response = $this->post( $event->route(), $event->webhookId, $event->body );
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
	public function probe( string $webhookId ): Response {
		return $this->post( 'domain-added', $webhookId, '{}' );
	}

	/** Whether there is a token for reads. */
	public function canRead(): bool {
		return null !== $this->readToken;
	}

	/**
	 * @param string $path such as `connection` or `domains/shop.acme-bikes.com`
	 * @throws NoAnswer
	 */
	public function read( string $path, int $timeoutSeconds = 10 ): Response {
		return $this->transport->get( $this->address->url( $path ), [ 'authorization' => 'Bearer ' . $this->readToken ], $timeoutSeconds );
	}

	private function post( string $route, string $webhookId, string $body ): Response {
		$timestamp = $this->nowSeconds();
		return $this->transport->post(
			$this->address->url( $route ),
			[
				'content-type' => 'application/json',
				'webhook-id' => $webhookId,
				'webhook-timestamp' => (string) $timestamp,
				'webhook-signature' => Signature::sign( $this->secret, $webhookId, $timestamp, $body ),
			],
			$body
		);
	}

	private function nowSeconds(): int {
		return intdiv( $this->clock->nowMs(), 1000 );
	}
}
