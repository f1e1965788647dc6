<?php

/**
 * Plugin Name:       RunCloud Relay
 * Description:       Tells runcloud-relay of every domain that is added, removed or without a certificate, so that a RunCloud web application always serves the domains of this network.
 * Version:           0.1.0
 * Requires at least: 6.5
 * Requires PHP:      7.4
 * Network:           true
 * License:           MIT
 * License URI:       https://opensource.org/license/mit
 * Text Domain:       runcloud-relay
 * Domain Path:       /languages
 *
 * @package RunCloudRelay
 */

// A must-use plugin of one line may require this file, also where the plugin is active: the first one counts.
if ( ! defined( 'ABSPATH' ) || defined( 'RUNCLOUD_RELAY_VERSION' ) ) {
	return;
}

define( 'RUNCLOUD_RELAY_VERSION', '0.1.0' );

require_once __DIR__ . '/src/Autoloader.php';
RunCloudRelay\Autoloader::register( __DIR__ . '/src' );
RunCloudRelay\Plugin::boot( __FILE__ );
