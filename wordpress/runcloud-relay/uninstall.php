<?php

/**
 * Removes all that the plugin made: tables, options, schedules. Mappings and sites are not its own.
 *
 * @package RunCloudRelay
 */

if ( ! defined( 'WP_UNINSTALL_PLUGIN' ) ) {
	exit;
}

require_once __DIR__ . '/src/Autoloader.php';
RunCloudRelay\Autoloader::register( __DIR__ . '/src' );

if ( is_multisite() ) {
	( new RunCloudRelay\Uninstaller( new RunCloudRelay\Services() ) )->run();
}
