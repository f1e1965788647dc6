<?php

namespace RunCloudRelay\Settings;

final class OptionPause implements Pause {
	public const OPTION = 'runcloud_relay_pause';

	public function begin( array $details, int $atMs ): void {
		$this->store( $details, $atMs );
	}

	public function end( int $atMs ): void {
		$this->store( null, $atMs );
	}

	public function current(): ?array {
		$stored = get_network_option( null, self::OPTION, [] );
		return is_array( $stored ) && is_array( $stored['details'] ?? null ) ? $stored['details'] : null;
	}

	/**
	 * Outcomes may arrive in another order than they happened in.
	 *
	 * @param array<string, string>|null $details
	 */
	private function store( ?array $details, int $atMs ): void {
		$stored = get_network_option( null, self::OPTION, [] );
		if ( is_array( $stored ) && (int) ( $stored['atMs'] ?? 0 ) > $atMs ) {
			return;
		}
		update_network_option(
			null,
			self::OPTION,
			[
				'atMs' => $atMs,
				'details' => $details,
			]
		);
	}
}
