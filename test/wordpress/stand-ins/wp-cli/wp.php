<?php

/**
 * A stand-in of WP-CLI, which no registry has: `php wp.php runcloud-relay status --format=json`. It knows how a command is found and
 * called and how its output looks; the options of WP-CLI itself it does not know.
 */

define( 'WP_CLI', true );
require __DIR__ . '/class-wp-cli.php';
require __DIR__ . '/utils.php';
require dirname( __DIR__, 2 ) . '/site/request.php';
describe_request( 'network.example' );
require getenv( 'WORDPRESS_CORE' ) . '/wp-load.php';
exit( WP_CLI::run( array_slice( $argv, 1 ) ) );
