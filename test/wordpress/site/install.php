<?php

/** `install.php site` installs a WordPress, `install.php network` turns it into a subdomain network. One process each. */
require __DIR__ . '/request.php';
describe_request( 'network.example' );
define( 'WP_INSTALLING', true );
require getenv( 'WORDPRESS_CORE' ) . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';

if ( 'site' === $argv[1] ) {
	add_filter( 'pre_wp_mail', '__return_true' );
	wp_install( 'Network', 'admin', 'admin@network.example', false, '', 'password of the network admin' );
	update_option( 'siteurl', 'http://network.example' );
	update_option( 'home', 'http://network.example' );
	exit;
}

require_once ABSPATH . 'wp-admin/includes/network.php';
foreach ( $wpdb->tables( 'ms_global' ) as $table => $name ) {
	$wpdb->$table = $name;
}
install_network();
$result = populate_network( 1, 'network.example', 'admin@network.example', 'Network', '/', true );
// A wildcard in DNS is the only thing that a machine of tests lacks.
if ( is_wp_error( $result ) && 'no_wildcard_dns' !== $result->get_error_code() ) {
	fwrite( STDERR, $result->get_error_message() . "\n" );
	exit( 1 );
}
