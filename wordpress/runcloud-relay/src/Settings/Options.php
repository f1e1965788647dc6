<?php

namespace RunCloudRelay\Settings;

/** Plain choices of the network, kept as network options. Secrets are in `Credentials`. */
final class Options {
	public const NATIVE_NAMES = 'runcloud_relay_native_names';

	/** Whether the network's own subdomains are announced. On, unless the network switched it off. */
	public function announcesNativeNames(): bool {
		return 'off' !== get_network_option( null, self::NATIVE_NAMES, 'on' );
	}

	public function announceNativeNames( bool $on ): void {
		update_network_option( null, self::NATIVE_NAMES, $on ? 'on' : 'off' );
	}
}
