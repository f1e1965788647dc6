<?php

namespace WP_Ultimo\Pages;

use function WP_Ultimo\is_at_least;

add_action(
	'admin_menu',
	static function (): void {
		add_menu_page( 'Account', 'Account', 'manage_options', 'account', __NAMESPACE__ . '\\render_account', 'dashicons-id' );
	}
);

/** The customer's account page with the Domains box, the only part of it that a host integration meets. */
function render_account(): void {
	echo '<div class="wrap"><h1>Account</h1><div id="wp-ultimo-domain-mapping" class="postbox"><div class="inside">';
	$site = [ 'current_site' => (string) get_current_blog_id() ];
	printf( '<h3>Domains <a class="button wubox" href="%s">Add Domain</a>', esc_url( wu_get_form_url( 'user_add_new_domain', $site ) ) );
	do_action( 'wu_domain_mapping_header_actions' );
	echo '</h3><table class="widefat"><tbody>';
	foreach ( wu_get_domains( [ 'blog_id' => get_current_blog_id(), 'orderby' => 'primary_domain' ] ) as $domain ) {
		echo '<tr><td>';
		render_domain_row( $domain, $site );
		echo '</td></tr>';
	}
	echo '</tbody></table></div></div></div>';
}

function render_domain_row( $domain, array $site ): void {
	$of_domain = $site + [ 'domain_id' => (string) $domain->get_id() ];
	$info      = [
		'primary' => [ 'icon' => '', 'label' => '', 'value' => $domain->is_primary_domain() ? 'Primary' : 'Alias' ],
		'secure'  => [ 'icon' => '', 'label' => '', 'value' => $domain->is_secure() ? 'Secure (HTTPS)' : 'Not Secure (HTTP)' ],
	];
	$actions   = [
		'make_primary' => [ 'icon' => '', 'label' => '', 'value' => 'Make Primary', 'url' => wu_get_form_url( 'user_make_domain_primary', $of_domain ) ],
		'remove'       => [ 'icon' => '', 'label' => '', 'value' => 'Delete', 'url' => wu_get_form_url( 'user_delete_domain_modal', $of_domain ) ],
	];
	if ( $domain->is_primary_domain() ) {
		unset( $actions['make_primary'] );
	}
	if ( is_at_least( '2.4.10' ) ) {
		$actions = apply_filters( 'wu_domain_mapping_row_actions', $actions, $domain );
		$info    = apply_filters( 'wu_domain_mapping_row_info', $info, $domain );
	}
	$label = $domain->get_stage_label() . ( $domain->is_active() ? '' : ' <small>(Inactive)</small>' );
	printf( '<strong>%s</strong> <span class="stage %s">%s</span><div>', esc_html( $domain->get_domain() ), esc_attr( $domain->get_stage_class() ), wp_kses_post( $label ) );
	foreach ( $info as $item ) {
		render_row_item( $item, is_callable( $item['value'] ) );
	}
	foreach ( $actions as $item ) {
		render_row_item( $item, false );
	}
	echo '</div>';
}

/** In the first row a value may be a callable that prints, in the second it is text. */
function render_row_item( array $item, bool $prints ): void {
	printf( isset( $item['url'] ) ? '<a class="%s" href="%s">' : '<span class="%s">', esc_attr( $item['wrapper_classes'] ?? '' ), esc_url( $item['url'] ?? '' ) );
	if ( $prints ) {
		( $item['value'] )();
	} else {
		echo wp_kses_post( (string) $item['value'] );
	}
	echo isset( $item['url'] ) ? '</a> ' : '</span> ';
}
