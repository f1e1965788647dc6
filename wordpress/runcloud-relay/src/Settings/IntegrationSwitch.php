<?php

namespace RunCloudRelay\Settings;

/** Whether this integration is on among the host integrations of Ultimate Multisite. */
final class IntegrationSwitch {
	public const ID = 'runcloud-relay';
	private const OPTION = 'wu_host_integrations_enabled';
	private const STOCK_ID = 'runcloud';

	/**
	 * Only if a network admin switched it off: where it was never switched, the settings alone count. Without the
	 * plugin that has the switch, it could not be switched on again.
	 */
	public function isOff(): bool {
		$list = $this->list();
		return function_exists( 'WP_Ultimo' ) && array_key_exists( self::ID, $list ) && empty( $list[ self::ID ] );
	}

	/** Shows it as on, once it works. */
	public function turnOnUnlessSwitched(): void {
		if ( ! array_key_exists( self::ID, $this->list() ) ) {
			$this->set( self::ID, true );
		}
	}

	public function forget(): void {
		$list = $this->list();
		if ( array_key_exists( self::ID, $list ) ) {
			unset( $list[ self::ID ] );
			update_network_option( null, self::OPTION, $list );
		}
	}

	/** Whether the plugin's own RunCloud integration is on: with both, each would undo the other's work. */
	public function isStockOn(): bool {
		return ! empty( $this->list()[ self::STOCK_ID ] );
	}

	public function turnStockOff(): void {
		$this->set( self::STOCK_ID, false );
	}

	private function set( string $id, bool $on ): void {
		update_network_option( null, self::OPTION, array_merge( $this->list(), [ $id => $on ] ) );
	}

	/** @return array<string, mixed> */
	private function list(): array {
		$list = get_network_option( null, self::OPTION, [] );
		return is_array( $list ) ? $list : [];
	}
}
