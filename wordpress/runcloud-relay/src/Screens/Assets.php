<?php

namespace RunCloudRelay\Screens;

/** The script that keeps statuses up to date, and their style. Loaded only where a status is shown. */
final class Assets {
	public const HANDLE = 'runcloud-relay-status';

	private string $file;

	public function __construct( string $pluginFile ) {
		$this->file = $pluginFile;
	}

	public function enqueue(): void {
		if ( wp_script_is( self::HANDLE ) ) {
			return;
		}
		wp_enqueue_style( self::HANDLE, $this->url( 'status.css' ), [], RUNCLOUD_RELAY_VERSION );
		wp_enqueue_script( self::HANDLE, $this->url( 'status.js' ), [], RUNCLOUD_RELAY_VERSION, true );
		$settings = [
			'url' => admin_url( 'admin-ajax.php' ),
			'action' => StatusAjax::ACTION,
			'nonce' => wp_create_nonce( StatusAjax::ACTION ),
		];
		wp_add_inline_script( self::HANDLE, 'window.runcloudRelay = ' . wp_json_encode( $settings ) . ';', 'before' );
	}

	/** A must-use plugin may require this file from any folder below the content directory. */
	private function url( string $name ): string {
		$path = wp_normalize_path( dirname( $this->file ) . '/assets/' . $name );
		$content = wp_normalize_path( WP_CONTENT_DIR );
		return 0 === strpos( $path, $content . '/' ) ? content_url( substr( $path, strlen( $content ) ) ) : plugins_url( 'assets/' . $name, $this->file );
	}
}
