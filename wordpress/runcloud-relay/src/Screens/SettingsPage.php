<?php

namespace RunCloudRelay\Screens;

use RunCloudRelay\Services;
use RunCloudRelay\Settings\Credentials;
use RunCloudRelay\Settings\Home;

/** Network admin, Settings, RunCloud Relay: what is set, whether it works, and what waits. */
final class SettingsPage {
	public const SLUG = 'runcloud-relay';
	public const TEST_RESULT = 'runcloud_relay_test_result_';

	private Services $services;

	public function __construct( Services $services ) {
		$this->services = $services;
	}

	public static function url(): string {
		return network_admin_url( 'settings.php?page=' . self::SLUG );
	}

	public function attach(): void {
		add_action( 'network_admin_menu', [ $this, 'addPage' ] );
		add_filter( 'network_admin_plugin_action_links_runcloud-relay/runcloud-relay.php', [ $this, 'addLink' ] );
	}

	/**
	 * @param mixed $links
	 * @return mixed
	 */
	public function addLink( $links ) {
		if ( is_array( $links ) ) {
			array_unshift( $links, sprintf( '<a href="%s">%s</a>', esc_url( self::url() ), esc_html__( 'Settings', 'runcloud-relay' ) ) );
		}
		return $links;
	}

	public function addPage(): void {
		add_submenu_page( 'settings.php', __( 'RunCloud Relay', 'runcloud-relay' ), __( 'RunCloud Relay', 'runcloud-relay' ), Actions::CAPABILITY, self::SLUG, [ $this, 'render' ] );
	}

	public function render(): void {
		if ( ! current_user_can( Actions::CAPABILITY ) ) {
			return;
		}
		echo '<div class="wrap" id="runcloud-relay-settings"><h1>', esc_html__( 'RunCloud Relay', 'runcloud-relay' ), '</h1>';
		echo '<p>', esc_html__( 'Tells the relay of every domain of this network, so that RunCloud serves it with a certificate.', 'runcloud-relay' ), '</p>';
		$this->renderForm();
		$this->renderTest();
		ComparisonView::render( $this->services->findings() );
		$this->renderEvents();
		echo '</div>';
	}

	private function renderForm(): void {
		printf( '<form method="post" action="%s" autocomplete="off">', esc_url( Actions::endpoint() ) );
		wp_nonce_field( Actions::SAVE );
		printf( '<input type="hidden" name="action" value="%s"><table class="form-table" role="presentation">', esc_attr( Actions::SAVE ) );
		$credentials = $this->services->credentials();
		$address = $credentials->address();
		$this->row(
			Credentials::URL,
			__( 'Address of the relay', 'runcloud-relay' ),
			'url',
			null === $address ? '' : $address->base(),
			'https://relay.example.org/default',
			__( 'With the name of this network at its end.', 'runcloud-relay' )
		);
		$this->row( Credentials::SECRET, __( 'Secret', 'runcloud-relay' ), 'password', '', $this->savedMark( Credentials::SECRET ), __( 'RELAY_SECRET of this network: it starts with whsec_. Leave empty to keep what is saved.', 'runcloud-relay' ) );
		$this->row( Credentials::READ_TOKEN, __( 'Read token', 'runcloud-relay' ), 'password', '', $this->savedMark( Credentials::READ_TOKEN ), __( 'RELAY_READ_TOKEN of this network. With it, statuses are always up to date. Leave empty to keep what is saved.', 'runcloud-relay' ) );
		printf(
			'<tr><th scope="row">%s</th><td><label><input type="checkbox" name="native_names" value="1"%s> %s</label><p class="description">%s</p></td></tr>',
			esc_html__( 'Subdomains', 'runcloud-relay' ),
			checked( $this->services->options()->announcesNativeNames(), true, false ),
			esc_html__( 'Announce the subdomains of this network too', 'runcloud-relay' ),
			esc_html__( 'The relay adds only those that no wildcard of the web application covers.', 'runcloud-relay' )
		);
		echo '</table>';
		submit_button( __( 'Save', 'runcloud-relay' ) );
		echo '</form>';
	}

	private function row( string $name, string $title, string $type, string $value, string $placeholder, string $description ): void {
		$isConstant = $this->services->credentials()->isConstant( $name );
		/* translators: %s: name of a constant */
		$text = $isConstant ? sprintf( __( 'Defined in wp-config.php as %s.', 'runcloud-relay' ), $name ) : $description;
		printf(
			'<tr><th scope="row"><label for="%1$s">%2$s</label></th><td><input class="regular-text code" type="%3$s" id="%1$s" name="%1$s" value="%4$s" placeholder="%5$s"%6$s autocomplete="new-password"><p class="description">%7$s</p></td></tr>',
			esc_attr( $name ),
			esc_html( $title ),
			esc_attr( $type ),
			esc_attr( $value ),
			esc_attr( $placeholder ),
			$isConstant ? ' disabled' : '',
			esc_html( $text )
		);
	}

	private function savedMark( string $name ): string {
		return $this->services->credentials()->has( $name ) ? __( 'saved', 'runcloud-relay' ) : '';
	}

	private function renderTest(): void {
		echo '<h2>', esc_html__( 'Connection', 'runcloud-relay' ), '</h2>';
		printf( '<form method="post" action="%s">', esc_url( Actions::endpoint() ) );
		wp_nonce_field( Actions::TEST );
		printf( '<input type="hidden" name="action" value="%s">', esc_attr( Actions::TEST ) );
		submit_button( __( 'Test the connection', 'runcloud-relay' ), 'secondary', 'runcloud-relay-test', false );
		echo '</form>';
		$checks = get_site_transient( self::TEST_RESULT . get_current_user_id() );
		if ( ! is_array( $checks ) ) {
			return;
		}
		$marks = [
			'ok' => [ 'dashicons-yes-alt', '#008a20', __( 'OK', 'runcloud-relay' ) ],
			'warning' => [ 'dashicons-warning', '#bd8600', __( 'Warning', 'runcloud-relay' ) ],
			'failed' => [ 'dashicons-dismiss', '#d63638', __( 'Failed', 'runcloud-relay' ) ],
		];
		echo '<table class="widefat striped" id="runcloud-relay-checks" style="margin-top:12px"><tbody>';
		foreach ( $checks as $check ) {
			[ $icon, $colour, $label ] = $marks[ $check['state'] ] ?? $marks['warning'];
			printf(
				'<tr data-state="%s"><td style="width:9em"><span class="dashicons %s" style="color:%s" aria-hidden="true"></span> %s</td><td style="width:10em"><code>%s</code></td><td>%s %s</td></tr>',
				esc_attr( $check['state'] ),
				esc_attr( $icon ),
				esc_attr( $colour ),
				esc_html( $label ),
				esc_html( $check['name'] ),
				esc_html( $check['detail'] ),
				'' === $check['fix'] ? '' : '<br><strong>' . esc_html( $check['fix'] ) . '</strong>'
			);
		}
		echo '</tbody></table>';
	}

	private function renderEvents(): void {
		echo '<h2>', esc_html__( 'Last events', 'runcloud-relay' ), '</h2>';
		$events = $this->services->events()->recent( 20 );
		if ( [] === $events ) {
			echo '<p>', esc_html__( 'Nothing has happened yet.', 'runcloud-relay' ), '</p>';
			return;
		}
		echo '<table class="widefat striped" id="runcloud-relay-events"><thead><tr>';
		foreach ( [ __( 'Domain', 'runcloud-relay' ), __( 'Event', 'runcloud-relay' ), __( 'When', 'runcloud-relay' ), __( 'State', 'runcloud-relay' ), __( 'Tries', 'runcloud-relay' ), __( 'Answer', 'runcloud-relay' ) ] as $title ) {
			echo '<th>', esc_html( $title ), '</th>';
		}
		echo '</tr></thead><tbody>';
		foreach ( $events as $event ) {
			printf(
				'<tr><td>%s</td><td><code>%s</code></td><td>%s</td><td>%s</td><td>%d</td><td>%s</td></tr>',
				esc_html( $event['domain'] ),
				esc_html( $event['type'] ),
				esc_html( (string) wp_date( 'Y-m-d H:i:s', intdiv( $event['at'], 1000 ) ) ),
				esc_html( self::stateLabel( $event['state'] ) ),
				(int) $event['tries'],
				esc_html( $event['note'] )
			);
		}
		echo '</tbody></table>';
		if ( ( $this->services->events()->counts()['failed'] ?? 0 ) > 0 && Home::READY === $this->services->home()->state() ) {
			printf( '<p><a class="button" href="%s">%s</a></p>', esc_url( Actions::url( Actions::SEND_AGAIN ) ), esc_html__( 'Send again what failed', 'runcloud-relay' ) );
		}
	}

	private static function stateLabel( string $state ): string {
		$labels = [
			'waiting' => __( 'waiting', 'runcloud-relay' ),
			'sent' => __( 'sent', 'runcloud-relay' ),
			'dropped' => __( 'no longer true', 'runcloud-relay' ),
			'failed' => __( 'failed', 'runcloud-relay' ),
			'dismissed' => __( 'failed', 'runcloud-relay' ),
		];
		return $labels[ $state ] ?? $state;
	}
}
