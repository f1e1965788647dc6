<?php

namespace WP_Ultimo\Pages;

use WP_Ultimo\Database\Domains\Domain_Stage;

add_action(
	'network_admin_menu',
	static function (): void {
		$hook = add_submenu_page( '', 'Edit Domain', 'Edit Domain', 'manage_network', 'wp-ultimo-edit-domain', __NAMESPACE__ . '\\render_domain_edit' );
		add_action( "load-$hook", __NAMESPACE__ . '\\load_domain_edit' );
	}
);

/** Others add their own boxes to the screen, as the plugin itself adds the log. */
function load_domain_edit(): void {
	$GLOBALS['title'] = 'Edit Domain';
	$domain = wu_get_domain( (int) wu_request( 'id' ) );
	if ( ! $domain ) {
		wp_safe_redirect( wu_network_admin_url( 'wp-ultimo-domains' ) );
		exit;
	}
	if ( 'POST' === $_SERVER['REQUEST_METHOD'] && wu_request( 'stage' ) ) {
		check_admin_referer( 'saving_domain' );
		wu_enqueue_async_action( 'wu_async_process_domain_stage', [ 'domain_id' => $domain->get_id() ], 'domain' );
		$domain->set_stage( wu_request( 'stage' ) );
		$domain->set_active( (bool) wu_request( 'active' ) );
		$domain->save();
	}
	do_action( 'wu_page_load', 'wp-ultimo-edit-domain', null );
	do_action( 'wu_page_wp-ultimo-edit-domain_load', 'wp-ultimo-edit-domain', null );
	$screen = get_current_screen();
	add_meta_box( 'wp-ultimo-domain-log', 'Domain Test Log', __NAMESPACE__ . '\\render_log', $screen->id, 'normal' );
	do_action( 'add_meta_boxes', $screen->id, $domain );
}

function render_domain_edit(): void {
	$domain = wu_get_domain( (int) wu_request( 'id' ) );
	printf( '<div class="wrap"><h1>Edit Domain</h1><p><strong>%s</strong></p><form method="post">', esc_html( $domain->get_domain() ) );
	wp_nonce_field( 'saving_domain' );
	echo '<select name="stage">';
	foreach ( Domain_Stage::to_array() as $stage => $label ) {
		printf( '<option value="%s"%s>%s</option>', esc_attr( $stage ), selected( $stage, $domain->get_stage(), false ), esc_html( $label ) );
	}
	echo '</select> <label><input type="checkbox" name="active" value="1" checked> Active</label>';
	submit_button( 'Save Domain' );
	echo '</form><div id="poststuff" class="metabox-holder">';
	foreach ( [ 'normal', 'side', 'advanced' ] as $context ) {
		do_meta_boxes( get_current_screen(), $context, $domain );
	}
	echo '</div></div>';
}

function render_log(): void {
	$domain = wu_get_domain( (int) wu_request( 'id' ) );
	$file   = WP_CONTENT_DIR . '/uploads/wu-logs/domain-' . $domain->get_domain() . '.log';
	printf( '<pre id="wu-domain-log">%s</pre>', esc_html( is_file( $file ) ? (string) file_get_contents( $file ) : '' ) );
}
