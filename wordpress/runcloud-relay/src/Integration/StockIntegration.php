<?php

namespace RunCloudRelay\Integration;

/** Ultimate Multisite's own RunCloud integration. With both on, each would undo the other's work. */
final class StockIntegration {
	private const OPTION = 'wu_host_integrations_enabled';
	private const ID = 'runcloud';

	public function isOn(): bool {
		$enabled = get_network_option( null, self::OPTION, [] );
		return is_array( $enabled ) && ! empty( $enabled[ self::ID ] );
	}

	public function turnOff(): void {
		$enabled = get_network_option( null, self::OPTION, [] );
		if ( is_array( $enabled ) ) {
			$enabled[ self::ID ] = false;
			update_network_option( null, self::OPTION, $enabled );
		}
	}
}
