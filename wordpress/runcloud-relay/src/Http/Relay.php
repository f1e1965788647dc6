<?php

namespace RunCloudRelay\Http;

/** The relay, as far as this network may speak to it now. */
interface Relay {
	/** Null where the network is not set up, or must not send: a copy, not production, switched off. */
	public function open(): ?RelayClient;
}
