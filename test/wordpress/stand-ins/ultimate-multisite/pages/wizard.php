<?php

namespace WP_Ultimo\Pages;

use WP_Ultimo\Integrations\Integration_Registry;
use WP_Ultimo\Managers\Domain_Manager;

const WIZARD = 'wp-ultimo-hosting-integration-wizard';

add_action(
	'network_admin_menu',
	static function (): void {
		$hook = add_submenu_page( '', 'Integration Setup', 'Integration Setup', 'manage_network', WIZARD, __NAMESPACE__ . '\\render_wizard' );
		add_action( "load-$hook", __NAMESPACE__ . '\\handle_wizard' );
	}
);

/** The integration that the wizard sets up, of the new system or the old one. */
function wizard_integration() {
	$id  = (string) wu_request( 'integration' );
	$new = class_exists( Integration_Registry::class ) ? Integration_Registry::get_instance()->get( $id ) : null;
	return $new ?? Domain_Manager::get_instance()->get_integration_instance( $id );
}

/** @return list<string> The steps of this integration, in order. */
function wizard_steps( $integration ): array {
	$steps = [ 'activation' => [], 'instructions' => [], 'config' => [], 'testing' => [], 'done' => [] ];
	if ( $integration->supports( 'no-instructions' ) || ! method_exists( $integration, 'get_instructions' ) ) {
		unset( $steps['instructions'] );
	}
	if ( $integration->supports( 'no-config' ) ) {
		unset( $steps['config'] );
	}
	return array_keys( apply_filters( 'wu_hosting_integration_wizard_sections', $steps, $integration, null ) );
}

function wizard_url( $integration, string $step ): string {
	return wu_network_admin_url( WIZARD, [ 'integration' => $integration->get_id(), 'step' => $step ] );
}

function handle_wizard(): void {
	$GLOBALS['title'] = 'Integration Setup';
	$integration = wizard_integration();
	if ( ! $integration ) {
		wp_safe_redirect( network_admin_url() );
		exit;
	}
	if ( 'POST' !== $_SERVER['REQUEST_METHOD'] ) {
		return;
	}
	$step = (string) wu_request( 'step', 'activation' );
	check_admin_referer( 'saving_' . $step );
	if ( 'activation' === $step ) {
		$integration->enable();
	} elseif ( 'config' === $step ) {
		$values = array_intersect_key( wp_unslash( $_POST ), $integration->get_fields() );
		$integration->save_credentials( array_map( 'sanitize_text_field', $values ) );
	}
	$steps = wizard_steps( $integration );
	wp_safe_redirect( wizard_url( $integration, $steps[ array_search( $step, $steps, true ) + 1 ] ?? 'done' ) );
	exit;
}

function render_wizard(): void {
	$integration = wizard_integration();
	$step        = (string) wu_request( 'step', 'activation' );
	printf( '<div class="wrap wu-wizard"><h1>%s: %s</h1>', esc_html( $integration->get_title() ), esc_html( ucfirst( $step ) ) );
	if ( 'testing' === $step ) {
		render_wizard_test( $integration );
	} else {
		echo '<form method="post">';
		wp_nonce_field( 'saving_' . $step );
		render_wizard_step( $integration, $step );
		if ( 'done' !== $step ) {
			submit_button( 'activation' === $step ? 'Activate' : 'Continue' );
		}
		echo '</form>';
	}
	echo '</div>';
}

function render_wizard_step( $integration, string $step ): void {
	if ( 'activation' === $step ) {
		printf( '<p>%s</p>', wp_kses_post( $integration->get_description() ) );
		foreach ( $integration->get_explainer_lines() as $kind => $lines ) {
			printf( '<h2>%s</h2><ul class="ul-disc">', 'will' === $kind ? 'This integration will:' : 'This integration will not:' );
			foreach ( $lines as $line ) {
				printf( '<li>%s</li>', esc_html( $line ) );
			}
			echo '</ul>';
		}
	} elseif ( 'instructions' === $step ) {
		$integration->get_instructions();
	} elseif ( 'config' === $step ) {
		render_wizard_fields( $integration );
	} else {
		echo '<p>Ready!</p>';
	}
}

/** A field whose constant is defined cannot be changed here. */
function render_wizard_fields( $integration ): void {
	echo '<table class="form-table">';
	foreach ( $integration->get_fields() as $name => $field ) {
		$is_constant = defined( $name ) && constant( $name );
		printf(
			'<tr><th>%s</th><td><input class="regular-text" type="%s" name="%s" value="%s" placeholder="%s"%s autocomplete="off"><p class="description">%s</p></td></tr>',
			esc_html( $field['title'] ),
			esc_attr( $field['type'] ?? 'text' ),
			esc_attr( $name ),
			esc_attr( $integration->get_credential( $name ) ),
			esc_attr( $field['placeholder'] ?? '' ),
			$is_constant ? ' disabled' : '',
			$is_constant ? sprintf( 'Defined as <code>%s</code> in wp-config.php.', esc_html( $name ) ) : wp_kses_post( $field['desc'] ?? '' )
		);
	}
	echo '</table>';
}

/** Asks as soon as the page is there, and shows the answer's data as it comes. */
function render_wizard_test( $integration ): void {
	printf(
		'<p>We will send a test API call to %s.</p><p id="outcome">Sending API call...</p><pre id="results">Waiting for results...</pre>
		<p><button class="button" id="integration-test" data-integration="%s" data-nonce="%s">Test again</button></p>',
		esc_html( $integration->get_title() ),
		esc_attr( $integration->get_id() ),
		esc_attr( wp_create_nonce( 'wu_test_hosting_integration' ) )
	);
	?>
	<script>
		const button = document.querySelector('#integration-test');
		const show = ({ success, data }) => {
			document.querySelector('#outcome').textContent = success ? 'Everything seems to be working!' : 'Something wrong happened...';
			document.querySelector('#results').textContent = data.message ?? JSON.stringify(data);
		};
		const test = () => fetch(ajaxurl, {
			method: 'POST',
			body: new URLSearchParams({ action: 'wu_test_hosting_integration', integration: button.dataset.integration, nonce: button.dataset.nonce }),
		}).then((response) => response.json()).then(show);
		button.addEventListener('click', test);
		test();
	</script>
	<?php
}
