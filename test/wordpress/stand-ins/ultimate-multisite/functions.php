<?php

/** Global functions of Ultimate Multisite that a companion may call. */

use WP_Ultimo\Database\Domains\Domain_Query;
use WP_Ultimo\Models\Domain;

function wu_get_version(): string {
	return STAND_IN_VERSION;
}

function wu_get_isset( $array, $key, $default_value = false ) {
	return is_array( $array ) && isset( $array[ $key ] ) ? $array[ $key ] : $default_value;
}

function wu_request( $key, $default_value = false ) {
	return isset( $_REQUEST[ $key ] ) ? wp_unslash( $_REQUEST[ $key ] ) : $default_value;
}

function wu_get_setting( $setting, $default_value = false ) {
	return wu_get_isset( get_network_option( null, 'wp-ultimo_v2_settings', [] ), $setting, $default_value );
}

function wu_save_setting( $setting, $value ): bool {
	$settings             = get_network_option( null, 'wp-ultimo_v2_settings', [] );
	$settings[ $setting ] = $value;
	return update_network_option( null, 'wp-ultimo_v2_settings', $settings );
}

/** Settings pages are not part of the stand-in: what is registered can be asked for, and is shown nowhere. */
function wu_register_settings_section( $section_slug, $atts ): void {
	$GLOBALS['stand_in_settings'][ $section_slug ] = $atts + [ 'fields' => [] ];
}

function wu_register_settings_field( $section_slug, $field_slug, $atts, $priority = 10 ): void {
	$GLOBALS['stand_in_settings'][ $section_slug ]['fields'][ $field_slug ] = $atts;
}

function wu_network_admin_url( $path, $query = [] ): string {
	return add_query_arg( $query, network_admin_url( 'admin.php?page=' . $path ) );
}

function wu_get_main_site_id(): int {
	return get_main_site_id();
}

function wu_switch_blog_and_run( $callback, $site_id = false ) {
	switch_to_blog( $site_id ?: wu_get_main_site_id() );
	$result = $callback();
	restore_current_blog();
	return $result;
}

function wu_enqueue_async_action( $hook, $args = [], $group = '' ) {
	return wu_switch_blog_and_run( static fn() => as_enqueue_async_action( $hook, $args, $group ) );
}

function wu_schedule_single_action( $timestamp, $hook, $args = [], $group = '' ) {
	return wu_switch_blog_and_run( static fn() => as_schedule_single_action( $timestamp, $hook, $args, $group ) );
}

function wu_schedule_recurring_action( $timestamp, $interval_in_seconds, $hook, $args = [], $group = '' ) {
	return wu_switch_blog_and_run( static fn() => as_schedule_recurring_action( $timestamp, $interval_in_seconds, $hook, $args, $group ) );
}

function wu_unschedule_action( $hook, $args = [], $group = '' ) {
	return wu_switch_blog_and_run( static fn() => as_unschedule_action( $hook, $args, $group ) );
}

function wu_unschedule_all_actions( $hook, $args = [], $group = '' ) {
	wu_switch_blog_and_run( static fn() => as_unschedule_all_actions( $hook, $args, $group ) );
}

function wu_next_scheduled_action( $hook, $args = null, $group = '' ) {
	return wu_switch_blog_and_run( static fn() => as_next_scheduled_action( $hook, $args, $group ) );
}

function wu_get_scheduled_actions( $args = [], $return_format = OBJECT ) {
	return wu_switch_blog_and_run( static fn() => as_get_scheduled_actions( $args, $return_format ) );
}

function wu_log_add( $handle, $message, $log_level = 'info' ): void {
	$message = is_wp_error( $message ) ? $message->get_error_message() : $message;
	wp_mkdir_p( WP_CONTENT_DIR . '/uploads/wu-logs' );
	file_put_contents( WP_CONTENT_DIR . "/uploads/wu-logs/$handle.log", "[$log_level] $message\n", FILE_APPEND );
	do_action( 'wu_log_add', $handle, $message, $log_level );
}

function wu_log_clear( $handle ): void {
	$file = WP_CONTENT_DIR . "/uploads/wu-logs/$handle.log";
	if ( is_file( $file ) ) {
		unlink( $file );
	}
	do_action( 'wu_log_clear', $handle );
}

function wu_get_domain( $domain_id ) {
	return Domain::get_by_id( $domain_id );
}

function wu_get_domains( $query = [] ) {
	return Domain_Query::query( $query );
}

function wu_get_domain_by_domain( $domain ) {
	return Domain::get_by( 'domain', $domain );
}

/** A new mapping, and one check of it. */
function wu_create_domain( $domain_data ) {
	$now    = gmdate( 'Y-m-d H:i:s' );
	$domain = new Domain(
		wp_parse_args(
			$domain_data,
			[
				'blog_id'        => false,
				'domain'         => false,
				'active'         => true,
				'primary_domain' => false,
				'secure'         => false,
				'stage'          => 'checking-dns',
				'date_created'   => $now,
				'date_modified'  => $now,
			]
		)
	);
	$saved  = $domain->save();
	if ( is_wp_error( $saved ) ) {
		return $saved;
	}
	wu_enqueue_async_action( 'wu_async_process_domain_stage', [ 'domain_id' => $domain->get_id() ], 'domain' );
	return $domain;
}

/** The page that shows a form; in the plugin itself a dialog. */
function wu_get_form_url( $form_id, $atts = [] ): string {
	$query = [ 'form' => $form_id ] + $atts;
	return add_query_arg( array_map( 'rawurlencode', $query ), admin_url( 'admin.php?page=stand-in-form' ) );
}
