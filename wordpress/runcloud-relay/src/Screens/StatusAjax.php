<?php

namespace RunCloudRelay\Screens;

use RunCloudRelay\Names\HostName;
use RunCloudRelay\Services;

/** Answers the script: the status of domains, to people who may see them. */
final class StatusAjax {
	public const ACTION = 'runcloud_relay_status';
	private const MOST_DOMAINS = 50;

	private Services $services;

	public function __construct( Services $services ) {
		$this->services = $services;
	}

	public function attach(): void {
		add_action( 'wp_ajax_' . self::ACTION, [ $this, 'answer' ] );
	}

	public function answer(): void {
		check_ajax_referer( self::ACTION, 'nonce' );
		$raw = isset( $_POST['domains'] ) && is_string( $_POST['domains'] ) ? wp_unslash( $_POST['domains'] ) : '';
		$domains = array_slice( array_unique( array_filter( array_map( [ HostName::class, 'normalize' ], explode( ',', $raw ) ) ) ), 0, self::MOST_DOMAINS );
		// What the user may not see is left out, as is what does not exist: the answer tells no difference.
		$domains = array_values( array_filter( $domains, [ $this->services->access(), 'maySee' ] ) );
		$domains = array_values( array_filter( $domains, fn( string $domain ) => null !== $this->services->names()->find( $domain ) ) );
		$statuses = $this->services->statuses()->current( $domains );
		$nowMs = $this->services->clock()->nowMs();
		$isForAdmins = current_user_can( Actions::CAPABILITY );
		$answer = [];
		foreach ( $domains as $domain ) {
			$answer[ $domain ] = StatusView::element( $domain, $statuses[ $domain ] ?? null, $nowMs, $isForAdmins );
		}
		wp_send_json_success( (object) $answer );
	}
}
