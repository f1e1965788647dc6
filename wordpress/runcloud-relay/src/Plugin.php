<?php

namespace RunCloudRelay;

use RunCloudRelay\Queue\CronWakeup;
use RunCloudRelay\Queue\Wakeup;
use RunCloudRelay\Settings\Home;
use RunCloudRelay\Signals\Guarded;
use RunCloudRelay\Signals\Hooks;

/** Attaches the plugin to WordPress. */
final class Plugin {
	private string $file;
	private Services $services;

	private function __construct( string $file, Services $services ) {
		$this->file = $file;
		$this->services = $services;
	}

	public static function boot( string $file ): void {
		$plugin = new self( $file, new Services() );
		if ( ! is_multisite() ) {
			add_action( 'admin_notices', [ $plugin, 'refuseSingleSite' ] );
			return;
		}
		$services = $plugin->services;
		( new Hooks( static fn() => $services->home(), static fn() => $services->mappingSignals(), static fn() => $services->siteSignals() ) )->attach();
		$plugin->attachWork();
	}

	public function refuseSingleSite(): void {
		echo '<div class="notice notice-error"><p>', esc_html__( 'RunCloud Relay works in a WordPress multisite only. It does nothing here.', 'runcloud-relay' ), '</p></div>';
	}

	private function attachWork(): void {
		add_filter(
			'cron_schedules',
			static function ( $schedules ) {
				$schedules[ CronWakeup::EVERY_FIVE_MINUTES ] = [
					'interval' => 300,
					'display' => 'Every five minutes (RunCloud Relay)',
				];
				return $schedules;
			}
		);
		add_action( 'init', [ $this, 'prepare' ], 20 );
		add_action( Wakeup::SEND_HOOK, [ $this, 'send' ] );
		add_action( Wakeup::SWEEP_HOOK, [ $this, 'sweep' ] );
	}

	/** Tables and schedules, in requests that nobody waits for in front of a page. */
	public function prepare(): void {
		if ( ! is_admin() && ! wp_doing_cron() && ! ( defined( 'WP_CLI' ) && WP_CLI ) ) {
			return;
		}
		Guarded::call(
			function (): void {
				$this->services->schema()->ensure();
				if ( Home::READY === $this->services->home()->state() ) {
					$this->services->wakeup()->schedule();
				}
			}
		);
	}

	public function send(): void {
		Guarded::call(
			function (): void {
				$this->services->worker()->run();
			}
		);
	}

	/** Sends what a killed process or a lost wake-up has left, and forgets what is long done. */
	public function sweep(): void {
		Guarded::call(
			function (): void {
				$this->services->worker()->run();
				$this->services->worker()->purge();
			}
		);
	}
}
