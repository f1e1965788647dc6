<?php

namespace RunCloudRelay\Settings;

use RunCloudRelay\Http\Relay;
use RunCloudRelay\Http\RelayClient;
use RunCloudRelay\Http\Transport;
use RunCloudRelay\Time\Clock;

/** The relay of the settings, within the guard that keeps copies of the network from speaking to it. */
final class GuardedRelay implements Relay {
	private Credentials $credentials;
	private Home $home;
	private Transport $transport;
	private Clock $clock;

	public function __construct( Credentials $credentials, Home $home, Transport $transport, Clock $clock ) {
		$this->credentials = $credentials;
		$this->home = $home;
		$this->transport = $transport;
		$this->clock = $clock;
	}

	public function open(): ?RelayClient {
		return Home::READY === $this->home->state() ? $this->openForATest() : null;
	}

	/** Without the guard. Null without address or secret. */
	public function openForATest(): ?RelayClient {
		$address = $this->credentials->address();
		$secret = $this->credentials->secret();
		return null === $address || null === $secret ? null : new RelayClient( $this->transport, $this->clock, $address, $secret, $this->credentials->readToken() );
	}
}
