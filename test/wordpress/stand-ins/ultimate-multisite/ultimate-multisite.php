<?php

/**
 * Plugin Name: Ultimate Multisite (stand-in)
 * Description: For the tests of runcloud-relay only: the part of Ultimate Multisite that a host integration meets.
 * Version: 0
 * Network: true
 *
 * The plugin itself is in no registry. This stand-in has its names, its table and the order of its hooks, as recorded from versions
 * 2.4.3, 2.4.13 and 2.9.2 that ran for real, and none of its code. STAND_IN_VERSION in constants.json chooses which version it
 * stands for; unset, the newest. Forms that open in a dialog there are plain pages here.
 */

namespace WP_Ultimo;

if ( ! defined( 'STAND_IN_VERSION' ) ) {
	define( 'STAND_IN_VERSION', '2.9.2' );
}

/** Whether the version that this stands for is as new as one. */
function is_at_least( string $version ): bool {
	return version_compare( STAND_IN_VERSION, $version, '>=' );
}

require_once dirname( __DIR__ ) . '/action-scheduler/action-scheduler.php';
require __DIR__ . '/wp-ultimo.php';
require __DIR__ . '/functions.php';
require __DIR__ . '/domains/domain-stage.php';
require __DIR__ . '/domains/domain-query.php';
require __DIR__ . '/domains/domain.php';
require __DIR__ . '/domains/domain-mapping.php';
require __DIR__ . '/domains/visitor.php';
require __DIR__ . '/domains/domain-manager.php';
require __DIR__ . '/integrations/singleton.php';
require __DIR__ . '/integrations/base-host-provider.php';
if ( is_at_least( '2.4.11' ) ) {
	require __DIR__ . '/integrations/credential-store.php';
	require __DIR__ . '/integrations/capability.php';
	require __DIR__ . '/integrations/integration.php';
	require __DIR__ . '/integrations/integration-registry.php';
	require __DIR__ . '/integrations/runcloud.php';
}
require __DIR__ . '/pages/forms.php';
require __DIR__ . '/pages/domain-list.php';
require __DIR__ . '/pages/domain-edit.php';
require __DIR__ . '/pages/wizard.php';
require __DIR__ . '/pages/account.php';

Database\Domains\Domain_Query::create_table();
( new Domain_Mapping() )->init();
Managers\Domain_Manager::get_instance()->init();
if ( class_exists( Integrations\Integration_Registry::class ) ) {
	Integrations\Integration_Registry::get_instance()->init();
}
do_action( 'wp_ultimo_load' );
