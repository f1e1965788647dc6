<?php

namespace RunCloudRelay\Screens;

use RunCloudRelay\Services;
use RunCloudRelay\Settings\Home;
use RunCloudRelay\Signals\Guarded;

/** What network admins have to know, each with what to do about it. */
final class Notices {
	/** A healthy WP-Cron sends within a minute or two. */
	private const LATE_AFTER_MS = 20 * 60 * 1000;

	private Services $services;

	public function __construct( Services $services ) {
		$this->services = $services;
	}

	public function attach(): void {
		add_action( 'network_admin_notices', [ $this, 'render' ] );
	}

	public function render(): void {
		if ( ! current_user_can( Actions::CAPABILITY ) ) {
			return;
		}
		Guarded::call(
			function (): void {
				$this->renderMessage();
				$this->renderHome();
				$this->renderStock();
				$this->renderPause();
				$this->renderQueue();
				$this->renderFindings();
			}
		);
	}

	private function renderMessage(): void {
		$key = isset( $_GET['runcloud-relay-message'] ) && is_string( $_GET['runcloud-relay-message'] ) ? wp_unslash( $_GET['runcloud-relay-message'] ) : '';
		$messages = [
			'saved' => [ 'success', __( 'Saved.', 'runcloud-relay' ) ],
			'tested' => [ 'info', __( 'This is what the test found.', 'runcloud-relay' ) ],
			'retried' => [ 'success', __( 'The relay is asked to try for the certificate again.', 'runcloud-relay' ) ],
			'dismissed' => [ 'success', __( 'The failures are dismissed.', 'runcloud-relay' ) ],
			'comparing' => [ 'success', __( 'The comparison runs in a moment.', 'runcloud-relay' ) ],
			'sent-again' => [ 'success', __( 'What failed is sent again.', 'runcloud-relay' ) ],
			'adopted' => [ 'success', __( 'This network sends from now on.', 'runcloud-relay' ) ],
			'removed' => [ 'success', __( 'The removals are on their way.', 'runcloud-relay' ) ],
			'stock-off' => [ 'success', __( 'The RunCloud integration of Ultimate Multisite is off.', 'runcloud-relay' ) ],
			'not-sending' => [ 'error', __( 'This network sends nothing at the moment.', 'runcloud-relay' ) ],
			'unknown-domain' => [ 'error', __( 'This network has no such domain.', 'runcloud-relay' ) ],
			'no-openssl' => [ 'error', __( 'Not saved: PHP lacks its openssl extension. Define the constants in wp-config.php instead.', 'runcloud-relay' ) ],
			'bad-url' => [ 'error', __( 'Not saved: the address must look like https://relay.example.org/default.', 'runcloud-relay' ) ],
			'bad-secret' => [ 'error', __( 'Not saved: the secret must start with whsec_ and go on in base64.', 'runcloud-relay' ) ],
			'bad-token' => [ 'error', __( 'Not saved: the read token has 32 characters or more, without blanks.', 'runcloud-relay' ) ],
		];
		if ( isset( $messages[ $key ] ) ) {
			$this->notice( $messages[ $key ][0], $messages[ $key ][1] );
		}
	}

	private function renderHome(): void {
		switch ( $this->services->home()->state() ) {
			case Home::INCOMPLETE:
				$this->notice( 'warning', __( 'RunCloud Relay is not set up: address or secret of the relay is missing or malformed.', 'runcloud-relay' ), SettingsPage::url(), __( 'Set up', 'runcloud-relay' ) );
				break;
			case Home::NOT_PRODUCTION:
				$this->notice( 'info', __( 'RunCloud Relay sends nothing here: this environment is not production.', 'runcloud-relay' ) );
				break;
			case Home::SWITCHED_OFF:
				$this->notice( 'info', __( 'RunCloud Relay sends nothing: it is switched off among the integrations of Ultimate Multisite.', 'runcloud-relay' ) );
				break;
			case Home::COPY:
				$this->notice(
					'warning',
					sprintf(
						/* translators: 1: host of this network, 2: host of the network that sends */
						__( 'RunCloud Relay sends nothing here: this network (%1$s) is a copy of %2$s. If the network has moved here for good, let it send.', 'runcloud-relay' ),
						$this->services->home()->currentHost(),
						(string) $this->services->home()->storedHost()
					),
					Actions::url( Actions::ADOPT_HOST ),
					__( 'The network has moved here', 'runcloud-relay' )
				);
				break;
		}
	}

	private function renderStock(): void {
		if ( $this->services->integrationSwitch()->isStockOn() ) {
			$this->notice( 'warning', __( 'The RunCloud integration of Ultimate Multisite is on as well. Both change the same domains, each without knowing of the other.', 'runcloud-relay' ), Actions::url( Actions::STOCK_OFF ), __( 'Turn the other one off', 'runcloud-relay' ) );
		}
	}

	private function renderPause(): void {
		$pause = $this->services->pause()->current();
		if ( null !== $pause ) {
			/* translators: 1: what happened, 2: what to do, both in English */
			$this->notice( 'error', sprintf( __( 'The relay has paused this network: %1$s %2$s Nothing is lost; it goes on by itself once the cause is removed.', 'runcloud-relay' ), $pause['message'] ?? '', $pause['fix'] ?? '' ) );
		}
	}

	private function renderQueue(): void {
		$events = $this->services->events();
		$failure = $events->lastFailure();
		if ( null !== $failure ) {
			/* translators: 1: number of events, 2: the relay's answer, 3: a domain, 4: what to do */
			$text = sprintf( __( 'Events that RunCloud Relay has given up: %1$d. The last answer was "%2$s" (%3$s). %4$s', 'runcloud-relay' ), $events->counts()['failed'] ?? 0, $failure['note'], $failure['domain'], self::whatToDo( $failure['status'] ) );
			$this->notice( 'error', $text, Actions::url( Actions::SEND_AGAIN ), __( 'Send again', 'runcloud-relay' ), Actions::url( Actions::DISMISS ), __( 'Dismiss', 'runcloud-relay' ) );
		}
		$dueMs = $events->nextDueMs();
		$isLate = null !== $dueMs && $this->services->clock()->nowMs() - $dueMs > self::LATE_AFTER_MS;
		if ( $isLate && Home::READY === $this->services->home()->state() ) {
			$this->notice( 'warning', __( 'Events wait to be sent to the relay, but nothing sends them: WP-Cron of the main site does not run. Have the system’s cron call wp-cron.php every minute.', 'runcloud-relay' ) );
		}
	}

	private static function whatToDo( int $status ): string {
		switch ( $status ) {
			case 401:
				return __( 'Compare the secret with RELAY_SECRET of the relay, and check that the clock of this server is right.', 'runcloud-relay' );
			case 404:
				return __( 'Check the address of the relay: it ends with the name of the network.', 'runcloud-relay' );
			case 400:
			case 422:
				return __( 'The relay does not take this domain; its answer says why.', 'runcloud-relay' );
			default:
				return __( 'Test the connection on the settings page of RunCloud Relay.', 'runcloud-relay' );
		}
	}

	private function renderFindings(): void {
		$last = $this->services->findings()->last();
		if ( null !== $last && true === $last['isAlarming'] ) {
			/* translators: 1: number of domains, 2: some of them */
			$text = sprintf( __( '%1$d domains are gone from this network without a word, among them %2$s. RunCloud Relay keeps them until you confirm that they are to be removed.', 'runcloud-relay' ), (int) $last['goneCount'], implode( ', ', array_slice( (array) $last['gone'], 0, 5 ) ) );
			$this->notice( 'warning', $text, Actions::url( Actions::REMOVE_GONE ), __( 'Remove them', 'runcloud-relay' ) );
		}
	}

	/** @param string ...$buttons an address and a text each */
	private function notice( string $kind, string $text, string ...$buttons ): void {
		$html = '';
		foreach ( array_chunk( $buttons, 2 ) as [ $url, $label ] ) {
			$html .= sprintf( ' <a class="button button-small" href="%s">%s</a>', esc_url( $url ), esc_html( $label ) );
		}
		printf( '<div class="notice notice-%s runcloud-relay-notice"><p>%s%s</p></div>', esc_attr( $kind ), esc_html( $text ), $html );
	}
}
