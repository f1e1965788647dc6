<?php

namespace RunCloudRelay\Screens;

use RunCloudRelay\Services;
use RunCloudRelay\Settings\Home;
use RunCloudRelay\Signals\Guarded;
use RunCloudRelay\Status\DomainStatus;

/** The status in the screens of Ultimate Multisite: the network's list, the edit page, the customer's own box. */
final class DomainScreens {
	private Services $services;
	private Assets $assets;

	public function __construct( Services $services, Assets $assets ) {
		$this->services = $services;
		$this->assets = $assets;
	}

	public function attach(): void {
		add_filter( 'wu_domain_list_column_domain', [ $this, 'inNetworkList' ], 10, 2 );
		add_filter( 'wu_domain_mapping_row_info', [ $this, 'inCustomersRow' ], 10, 2 );
		add_filter( 'wu_get_domain_mapping_instructions', [ $this, 'inInstructions' ] );
		add_action( 'wu_page_wp-ultimo-edit-domain_load', [ $this, 'onEditPage' ] );
		add_action( 'admin_enqueue_scripts', [ $this, 'onPagesWithoutHooks' ] );
	}

	/**
	 * @param mixed $html
	 * @param mixed $mapping
	 * @return mixed
	 */
	public function inNetworkList( $html, $mapping = null ) {
		return $this->orUnchanged(
			$html,
			function () use ( $html, $mapping ): string {
				$domain = (string) $mapping->get_domain();
				return $html . $this->element( $domain ) . $this->retryLink( $domain );
			}
		);
	}

	/**
	 * @param mixed $info
	 * @param mixed $mapping
	 * @return mixed
	 */
	public function inCustomersRow( $info, $mapping = null ) {
		return $this->orUnchanged(
			$info,
			function () use ( $info, $mapping ): array {
				$domain = (string) $mapping->get_domain();
				if ( ! $this->services->access()->maySee( $domain ) ) {
					return $info;
				}
				$html = $this->element( $domain );
				$info['runcloud_relay'] = [
					'wrapper_classes' => 'runcloud-relay-row',
					'icon' => '',
					'label' => '',
					'value' => static function () use ( $html ): void {
						echo $html; // Escaped by StatusView.
					},
				];
				return $info;
			}
		);
	}

	/**
	 * @param mixed $instructions
	 * @return mixed
	 */
	public function inInstructions( $instructions ) {
		if ( ! is_string( $instructions ) ) {
			return $instructions;
		}
		return $instructions . "\n\n" . esc_html__( 'Once the domain is added, its row shows the exact DNS record to set, and when its certificate is there.', 'runcloud-relay' );
	}

	public function onEditPage(): void {
		$screen = get_current_screen();
		if ( null !== $screen && current_user_can( Actions::CAPABILITY ) ) {
			add_meta_box( 'runcloud-relay', __( 'RunCloud Relay', 'runcloud-relay' ), [ $this, 'renderBox' ], $screen->id, 'normal', 'high' );
			$this->assets->enqueue();
		}
	}

	public function renderBox(): void {
		Guarded::call(
			function (): void {
				$id = isset( $_GET['id'] ) && is_numeric( $_GET['id'] ) ? (int) $_GET['id'] : 0;
				$domain = $this->services->names()->nameOfMapping( $id );
				if ( null === $domain || null === $this->services->names()->find( $domain ) ) {
					echo '<p>', esc_html__( 'This domain is not announced to the relay.', 'runcloud-relay' ), '</p>';
					return;
				}
				echo $this->element( $domain ), '<p>', $this->retryLink( $domain ), '</p>'; // Both escaped.
			}
		);
	}

	/** Older versions have no place for it in their rows: there the script adds it. */
	public function onPagesWithoutHooks(): void {
		$page = isset( $_GET['page'] ) && is_string( $_GET['page'] ) ? $_GET['page'] : '';
		if ( in_array( $page, [ 'account', 'wp-ultimo-domains' ], true ) ) {
			$this->assets->enqueue();
		}
	}

	private function element( string $domain ): string {
		$domain = strtolower( $domain );
		if ( null === $this->services->names()->find( $domain ) ) {
			return '';
		}
		$this->assets->enqueue();
		return StatusView::element( $domain, $this->statusOf( $domain ), $this->services->clock()->nowMs(), current_user_can( Actions::CAPABILITY ) );
	}

	private function statusOf( string $domain ): ?DomainStatus {
		return $this->services->statuses()->stored( [ $domain ] )[ $domain ] ?? null;
	}

	private function retryLink( string $domain ): string {
		if ( ! current_user_can( Actions::CAPABILITY ) || Home::READY !== $this->services->home()->state() || null === $this->services->names()->find( $domain ) ) {
			return '';
		}
		return sprintf( '<a class="runcloud-relay-retry" href="%s">%s</a>', esc_url( Actions::url( Actions::RETRY_CERTIFICATE, $domain ) ), esc_html__( 'Retry certificate', 'runcloud-relay' ) );
	}

	/**
	 * @template T
	 * @param T              $value
	 * @param callable(): T  $change
	 * @return T
	 */
	private function orUnchanged( $value, callable $change ) {
		$result = $value;
		Guarded::call(
			static function () use ( &$result, $change ): void {
				$result = $change();
			}
		);
		return $result;
	}
}
