<?php

namespace WP_Ultimo\Pages;

use WP_Ultimo\Managers\Domain_Manager;

/**
 * The forms of the customer's Domains box and of the network's domain pages, as plain pages of wp-admin. Up to 2.13 nobody asks
 * whose domain it is that a customer deletes.
 */
const FORMS = [
	'user_add_new_domain'      => [ 'Add Domain', 'render_add', 'handle_add' ],
	'user_delete_domain_modal' => [ 'Delete Domain', 'render_delete', 'handle_delete' ],
	'user_make_domain_primary' => [ 'Make Primary', 'render_delete', 'handle_make_primary' ],
	'add_new_domain'           => [ 'Add Domain', 'render_add', 'handle_admin_add' ],
	'delete_modal'             => [ 'Delete Domain', 'render_delete', 'handle_delete' ],
];

add_action( 'admin_menu', __NAMESPACE__ . '\\add_form_page' );
add_action( 'network_admin_menu', __NAMESPACE__ . '\\add_form_page' );
add_action( 'admin_post_stand_in_form', __NAMESPACE__ . '\\handle_form' );

function add_form_page(): void {
	$hook = add_submenu_page( '', 'Form', 'Form', 'read', 'stand-in-form', __NAMESPACE__ . '\\render_form' );
	// A page that is in no menu has no title of its own.
	add_action( "load-$hook", static fn() => $GLOBALS['title'] = 'Form' );
}

function render_form(): void {
	$id               = (string) wu_request( 'form' );
	[ $title, $body ] = FORMS[ $id ];
	printf( '<div class="wrap"><h1>%s</h1><form method="post" action="%s">', esc_html( $title ), esc_url( admin_url( 'admin-post.php' ) ) );
	wp_nonce_field( 'wu_form_' . $id );
	foreach ( [ 'action' => 'stand_in_form', 'form' => $id, 'back' => wp_get_referer() ?: admin_url() ] as $name => $value ) {
		printf( '<input type="hidden" name="%s" value="%s">', esc_attr( $name ), esc_attr( $value ) );
	}
	call_user_func( __NAMESPACE__ . '\\' . $body );
	submit_button( $title );
	echo '</form></div>';
}

function handle_form(): void {
	$id = (string) wu_request( 'form' );
	check_admin_referer( 'wu_form_' . $id );
	call_user_func( __NAMESPACE__ . '\\' . FORMS[ $id ][2] );
	wp_safe_redirect( (string) wu_request( 'back' ) );
	exit;
}

function render_add(): void {
	echo '<div class="instructions">' . wp_kses_post( wpautop( Domain_Manager::get_instance()->get_domain_mapping_instructions() ) ) . '</div>';
	printf( '<input type="hidden" name="current_site" value="%s">', esc_attr( (string) wu_request( 'current_site', get_current_blog_id() ) ) );
	echo '<p><label>Domain <input type="text" name="domain" class="regular-text" placeholder="mydomain.com"></label></p>';
	echo '<p><label><input type="checkbox" name="primary_domain" value="1"> Primary Domain</label></p>';
}

function render_delete(): void {
	foreach ( [ 'domain_id', 'id' ] as $name ) {
		printf( '<input type="hidden" name="%s" value="%s">', esc_attr( $name ), esc_attr( (string) wu_request( $name ) ) );
	}
	echo '<p><label><input type="checkbox" name="confirm" value="1" checked> Confirm</label></p>';
}

/** Two chains of checks: one by `wu_create_domain`, one here. */
function handle_add(): void {
	$site = get_site( (int) wu_request( 'current_site' ) );
	if ( ! $site || ! current_user_can_for_site( (int) $site->blog_id, 'manage_options' ) ) {
		wp_die( 'You do not have permissions to perform this action.', 403 );
	}
	$domain = handle_admin_add();
	do_action( 'wu_domain_created', $domain, $domain->get_site(), false );
}

function handle_admin_add() {
	$domain = wu_create_domain( [ 'domain' => wu_request( 'domain' ), 'blog_id' => (int) wu_request( 'current_site' ), 'primary_domain' => (bool) wu_request( 'primary_domain' ) ] );
	if ( is_wp_error( $domain ) ) {
		wp_die( esc_html( $domain->get_error_message() ), 400 );
	}
	wu_enqueue_async_action( 'wu_async_process_domain_stage', [ 'domain_id' => $domain->get_id() ], 'domain' );
	return $domain;
}

function handle_delete(): void {
	$domain = wu_get_domain( (int) ( wu_request( 'domain_id' ) ?: wu_request( 'id' ) ) );
	if ( $domain ) {
		$domain->delete();
	}
}

function handle_make_primary(): void {
	$domain = wu_get_domain( (int) wu_request( 'domain_id' ) );
	if ( $domain ) {
		$domain->set_primary_domain( true );
		$domain->save();
	}
}
