<?php

namespace RunCloudRelay\Screens;

use Closure;
use RunCloudRelay\Names\HostName;
use RunCloudRelay\Services;
use RunCloudRelay\Settings\Credentials;
use RunCloudRelay\Settings\Encryption;
use RunCloudRelay\Settings\Home;
use RunCloudRelay\Settings\RelayAddress;
use RunCloudRelay\Webhook\RelaySecret;

/** What network admins can do with a click. Each asks for the capability and for its nonce; none sends to the relay, save the test. */
final class Actions {
	public const SAVE = 'runcloud_relay_save';
	public const TEST = 'runcloud_relay_test';
	public const RETRY_CERTIFICATE = 'runcloud_relay_retry_certificate';
	public const SEND_AGAIN = 'runcloud_relay_send_again';
	public const DISMISS = 'runcloud_relay_dismiss';
	public const COMPARE = 'runcloud_relay_compare';
	public const ADOPT_HOST = 'runcloud_relay_adopt_host';
	public const REMOVE_GONE = 'runcloud_relay_remove_gone';
	public const STOCK_OFF = 'runcloud_relay_stock_off';
	public const CAPABILITY = 'manage_network';

	private Services $services;

	public function __construct( Services $services ) {
		$this->services = $services;
	}

	public function attach(): void {
		$this->on( self::SAVE, fn() => $this->save() );
		$this->on( self::TEST, fn() => $this->test() );
		$this->on( self::RETRY_CERTIFICATE, fn() => $this->retryCertificate() );
		$this->on( self::SEND_AGAIN, fn() => $this->sendAgain() );
		$this->on( self::DISMISS, fn() => $this->dismiss() );
		$this->on( self::COMPARE, fn() => $this->compare() );
		$this->on( self::ADOPT_HOST, fn() => $this->adoptHost() );
		$this->on( self::REMOVE_GONE, fn() => $this->removeGone() );
		$this->on( self::STOCK_OFF, fn() => $this->turnStockOff() );
	}

	/** The address of an action that needs no form. */
	public static function url( string $action, string $domain = '' ): string {
		$arguments = [ 'action' => $action ];
		if ( '' !== $domain ) {
			$arguments['domain'] = $domain;
		}
		return wp_nonce_url( add_query_arg( $arguments, self::endpoint() ), $action );
	}

	public static function endpoint(): string {
		return get_admin_url( get_main_site_id(), 'admin-post.php' );
	}

	/** @param Closure(): string $act returns the name of the message to show */
	private function on( string $action, Closure $act ): void {
		add_action(
			'admin_post_' . $action,
			static function () use ( $action, $act ): void {
				if ( ! current_user_can( self::CAPABILITY ) ) {
					wp_die( esc_html__( 'You are not allowed to do this.', 'runcloud-relay' ), '', [ 'response' => 403 ] );
				}
				check_admin_referer( $action );
				$message = $act();
				$back = self::RETRY_CERTIFICATE === $action || self::STOCK_OFF === $action ? wp_get_referer() : false;
				$target = false === $back ? SettingsPage::url() : $back;
				wp_safe_redirect( add_query_arg( 'runcloud-relay-message', $message, $target ) );
				exit;
			}
		);
	}

	private function save(): string {
		if ( ! Encryption::isThere() ) {
			return 'no-openssl';
		}
		$credentials = $this->services->credentials();
		$url = self::posted( Credentials::URL );
		$secret = self::posted( Credentials::SECRET );
		$token = self::posted( Credentials::READ_TOKEN );
		if ( '' !== $url && null === RelayAddress::parse( $url ) ) {
			return 'bad-url';
		}
		if ( '' !== $secret && null === RelaySecret::parse( $secret ) ) {
			return 'bad-secret';
		}
		if ( '' !== $token && 1 !== preg_match( '/^\S{32,512}$/D', $token ) ) {
			return 'bad-token';
		}
		if ( ! $credentials->isConstant( Credentials::URL ) ) {
			$credentials->save( Credentials::URL, $url );
		}
		// An empty field of a secret keeps what is saved: it is never printed into the form.
		foreach ( [ Credentials::SECRET => $secret, Credentials::READ_TOKEN => $token ] as $name => $value ) {
			if ( '' !== $value && ! $credentials->isConstant( $name ) ) {
				$credentials->save( $name, $value );
			}
		}
		$this->services->options()->announceNativeNames( '' !== self::posted( 'native_names' ) );
		$this->services->events()->reopenFailed( $this->services->clock()->nowMs() );
		$this->wake();
		return 'saved';
	}

	private function test(): string {
		$checks = $this->services->connectionTest()->run();
		set_site_transient( SettingsPage::TEST_RESULT . get_current_user_id(), $checks, 300 );
		return 'tested';
	}

	private function retryCertificate(): string {
		$domain = HostName::normalize( isset( $_REQUEST['domain'] ) && is_string( $_REQUEST['domain'] ) ? wp_unslash( $_REQUEST['domain'] ) : '' );
		if ( Home::READY !== $this->services->home()->state() ) {
			return 'not-sending';
		}
		return null !== $domain && $this->services->recorder()->requestCertificate( $domain, 'manual' ) ? 'retried' : 'unknown-domain';
	}

	private function sendAgain(): string {
		$this->services->events()->reopenFailed( $this->services->clock()->nowMs() );
		$this->wake();
		return 'sent-again';
	}

	private function dismiss(): string {
		$this->services->events()->dismissFailures();
		return 'dismissed';
	}

	private function adoptHost(): string {
		$this->services->home()->adopt();
		$this->wake();
		return 'adopted';
	}

	private function removeGone(): string {
		if ( Home::READY !== $this->services->home()->state() ) {
			return 'not-sending';
		}
		$reconciler = $this->services->reconciler();
		foreach ( $reconciler->compareOffline()->gone as $domain ) {
			$reconciler->announce( $domain );
		}
		return 'removed';
	}

	private function turnStockOff(): string {
		$this->services->integrationSwitch()->turnStockOff();
		return 'stock-off';
	}

	private function compare(): string {
		$this->services->wakeup()->reconcileSoon();
		return 'comparing';
	}

	/** What was held back goes out, and what is missing is found, without waiting for the next hour. */
	private function wake(): void {
		$this->services->wakeup()->wakeAt( $this->services->clock()->nowMs() );
		$this->services->wakeup()->reconcileSoon();
	}

	private static function posted( string $name ): string {
		return isset( $_POST[ $name ] ) && is_string( $_POST[ $name ] ) ? trim( wp_unslash( $_POST[ $name ] ) ) : '';
	}
}
