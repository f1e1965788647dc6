<?php

/**
 * The configuration of every network of the tests. WORDPRESS_SITE names the directory of one of them: its wp-content, its database
 * and constants.json, which a test rewrites to change what a network admin would change in wp-config.php.
 */
$table_prefix = 'wp_';
$site         = getenv( 'WORDPRESS_SITE' );
$constants    = json_decode( (string) file_get_contents( $site . '/constants.json' ), true );

foreach ( $constants as $name => $value ) {
	define( $name, $value );
}

if ( ! defined( 'DB_NAME' ) ) {
	foreach ( [ 'DB_NAME' => 'wordpress', 'DB_USER' => '', 'DB_PASSWORD' => '', 'DB_HOST' => '' ] as $name => $value ) {
		define( $name, $value );
	}
	define( 'DB_DIR', $site . '/database' );
	define( 'DB_FILE', 'wordpress.sqlite' );
}
define( 'DB_CHARSET', 'utf8mb4' );
define( 'DB_COLLATE', '' );

foreach ( [ 'AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE' ] as $name ) {
	define( $name . '_KEY', 'key of the test network: ' . $name );
	define( $name . '_SALT', 'salt of the test network: ' . $name );
}

define( 'WP_CONTENT_DIR', $site . '/wp-content' );
define( 'WP_CONTENT_URL', 'http://network.example/wp-content' );
define( 'WP_DEBUG', true );
define( 'WP_DEBUG_DISPLAY', false );
define( 'WP_DEBUG_LOG', $site . '/php.log' );
// Tests run WP-Cron themselves. Nothing leaves the machine.
define( 'DISABLE_WP_CRON', true );
define( 'AUTOMATIC_UPDATER_DISABLED', true );
define( 'WP_HTTP_BLOCK_EXTERNAL', true );
define( 'WP_ACCESSIBLE_HOSTS', '127.0.0.1,localhost' );
define( 'WP_ALLOW_MULTISITE', true );

if ( is_file( $site . '/is-multisite' ) ) {
	define( 'MULTISITE', true );
	define( 'SUBDOMAIN_INSTALL', true );
	define( 'DOMAIN_CURRENT_SITE', 'network.example' );
	define( 'PATH_CURRENT_SITE', '/' );
	define( 'SITE_ID_CURRENT_SITE', 1 );
	define( 'BLOG_ID_CURRENT_SITE', 1 );
}

if ( ! defined( 'ABSPATH' ) ) {
	define( 'ABSPATH', getenv( 'WORDPRESS_CORE' ) . '/' );
}
require_once ABSPATH . 'wp-settings.php';
