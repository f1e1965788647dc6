<?php

namespace RunCloudRelay;

use RunCloudRelay\Cli\RelayCommand;
use RunCloudRelay\Integration\Registration;
use RunCloudRelay\Queue\CronWakeup;
use RunCloudRelay\Queue\Wakeup;
use RunCloudRelay\Rest\OutcomeRoute;
use RunCloudRelay\Screens\Actions;
use RunCloudRelay\Screens\Assets;
use RunCloudRelay\Screens\DomainScreens;
use RunCloudRelay\Screens\Notices;
use RunCloudRelay\Screens\SettingsPage;
use RunCloudRelay\Screens\StatusAjax;
use RunCloudRelay\Settings\Home;
use RunCloudRelay\Signals\Guarded;
use RunCloudRelay\Signals\Hooks;

/** Attaches the plugin to WordPress. */
final class Plugin {
	/** Spares each request the look whether the schedules are there. */
	private const SCHEDULED = 'runcloud_relay_scheduled';

	private string $file;
	private Services $services;

	private function __construct( string $file, Services $services ) {
		$this->file = $file;
		$this->services = $services;
	}

	public static function boot( string $file ): void {
		$plugin = new self( $file, new Services() );
		add_action( 'init', [ $plugin, 'loadTranslations' ], 1 );
		if ( ! is_multisite() ) {
			add_action( 'admin_notices', [ $plugin, 'refuseSingleSite' ] );
			return;
		}
		$plugin->attachSignals();
		$plugin->attachWork();
		$plugin->attachScreens();
	}

	public function loadTranslations(): void {
		// By file: `load_plugin_textdomain` looks beside WordPress's plugins only, and a must-use plugin may lie elsewhere.
		$locale = determine_locale();
		$own = dirname( $this->file ) . '/languages/runcloud-relay-' . $locale . '.mo';
		if ( is_file( $own ) ) {
			load_textdomain( 'runcloud-relay', $own, $locale );
		}
	}

	public function refuseSingleSite(): void {
		echo '<div class="notice notice-error"><p>', esc_html__( 'RunCloud Relay works in a WordPress multisite only. It does nothing here.', 'runcloud-relay' ), '</p></div>';
	}

	private function attachSignals(): void {
		$services = $this->services;
		( new Hooks( static fn() => $services->home(), static fn() => $services->mappingSignals(), static fn() => $services->siteSignals() ) )->attach();
	}

	private function attachWork(): void {
		add_filter( 'cron_schedules', [ $this, 'addSchedule' ] );
		add_action( 'init', [ $this, 'prepare' ], 20 );
		add_action( Wakeup::SEND_HOOK, [ $this, 'send' ] );
		add_action( Wakeup::SWEEP_HOOK, [ $this, 'sweep' ] );
		add_action( Wakeup::RECONCILE_HOOK, [ $this, 'reconcile' ] );
		add_action( 'rest_api_init', [ new OutcomeRoute( $this->services ), 'register' ] );
		if ( defined( 'WP_CLI' ) && WP_CLI ) {
			\WP_CLI::add_command( 'runcloud-relay', new RelayCommand( $this->services ) );
		}
	}

	private function attachScreens(): void {
		Registration::attach( $this->services );
		( new DomainScreens( $this->services, new Assets( $this->file ) ) )->attach();
		( new StatusAjax( $this->services ) )->attach();
		( new SettingsPage( $this->services ) )->attach();
		( new Actions( $this->services ) )->attach();
		( new Notices( $this->services ) )->attach();
		register_deactivation_hook( $this->file, [ $this, 'deactivate' ] );
	}

	/**
	 * @param mixed $schedules
	 * @return mixed
	 */
	public function addSchedule( $schedules ) {
		if ( is_array( $schedules ) ) {
			$schedules[ CronWakeup::EVERY_FIVE_MINUTES ] = [
				'interval' => 300,
				'display' => 'Every five minutes (RunCloud Relay)',
			];
		}
		return $schedules;
	}

	/** Tables and schedules, in requests of which no visitor waits for a page. */
	public function prepare(): void {
		if ( ! is_admin() && ! wp_doing_cron() && ! ( defined( 'WP_CLI' ) && WP_CLI ) ) {
			return;
		}
		Guarded::call(
			function (): void {
				$this->services->schema()->ensure();
				if ( Home::READY === $this->services->home()->state() && false === get_site_transient( self::SCHEDULED ) ) {
					$this->services->wakeup()->schedule();
					$this->services->integrationSwitch()->turnOnUnlessSwitched();
					set_site_transient( self::SCHEDULED, 1, HOUR_IN_SECONDS );
				}
			}
		);
	}

	public function send(): void {
		Guarded::call( fn() => $this->services->worker()->run() );
	}

	/** Sends what a killed process or a lost wake-up has left, and forgets what is long done. */
	public function sweep(): void {
		Guarded::call( fn() => $this->services->worker()->run() );
		Guarded::call( fn() => $this->services->worker()->purge() );
		Guarded::call( fn() => $this->services->reconciler()->resume() );
		Guarded::call( fn() => $this->services->statuses()->catchUp( $this->services->names()->unfinished( 200 ) ) );
	}

	public function reconcile(): void {
		Guarded::call( fn() => $this->services->reconciler()->run() );
	}

	/** What waits stays in its table and is sent once the plugin is on again. */
	public function deactivate(): void {
		Guarded::call(
			function (): void {
				$this->services->wakeup()->unschedule();
				delete_site_transient( self::SCHEDULED );
			}
		);
	}
}
