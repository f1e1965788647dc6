<?php

/** The functions of Action Scheduler's public interface that plugins call. */

function as_enqueue_async_action( $hook, $args = [], $group = '', $unique = false, $priority = 10 ) {
	return as_schedule_single_action( time(), $hook, $args, $group, $unique, $priority );
}

function as_schedule_single_action( $timestamp, $hook, $args = [], $group = '', $unique = false, $priority = 10 ) {
	return as_schedule_recurring_action( $timestamp, 0, $hook, $args, $group, $unique, $priority );
}

function as_schedule_recurring_action( $timestamp, $interval_in_seconds, $hook, $args = [], $group = '', $unique = false, $priority = 10 ) {
	if ( ! ActionScheduler::is_initialized() || ( $unique && as_has_scheduled_action( $hook, $args, $group ) ) ) {
		return 0;
	}
	return ActionScheduler_Store::add( $hook, $args, $group, (int) $timestamp, (int) $interval_in_seconds );
}

function as_unschedule_action( $hook, $args = [], $group = '' ) {
	$pending = as_get_scheduled_actions( [ 'hook' => $hook, 'args' => $args, 'group' => $group, 'status' => ActionScheduler_Store::STATUS_PENDING ], 'ids' );
	if ( [] === $pending ) {
		return null;
	}
	ActionScheduler_Store::update( $pending[0], [ 'status' => ActionScheduler_Store::STATUS_CANCELED ] );
	return $pending[0];
}

/** With a hook alone, every action of that hook, whatever its arguments. */
function as_unschedule_all_actions( $hook, $args = [], $group = '' ) {
	$query = [ 'hook' => $hook, 'group' => $group, 'status' => ActionScheduler_Store::STATUS_PENDING ];
	if ( [] !== $args ) {
		$query['args'] = $args;
	}
	foreach ( as_get_scheduled_actions( $query, 'ids' ) as $id ) {
		ActionScheduler_Store::update( $id, [ 'status' => ActionScheduler_Store::STATUS_CANCELED ] );
	}
}

/** True where one is running or to be run at once, else when it is due. */
function as_next_scheduled_action( $hook, $args = null, $group = '' ) {
	if ( ! ActionScheduler::is_initialized() ) {
		return false;
	}
	$query = [ 'hook' => $hook, 'args' => $args, 'group' => $group ];
	if ( ActionScheduler_Store::find( $query + [ 'status' => ActionScheduler_Store::STATUS_RUNNING ] ) ) {
		return true;
	}
	$pending = ActionScheduler_Store::find( $query + [ 'status' => ActionScheduler_Store::STATUS_PENDING ] );
	return $pending ? (int) $pending[0]->scheduled_at : false;
}

function as_has_scheduled_action( $hook, $args = null, $group = '' ) {
	return ActionScheduler::is_initialized() && false !== as_next_scheduled_action( $hook, $args, $group );
}

function as_get_scheduled_actions( $args = [], $return_format = 'OBJECT' ) {
	if ( ! ActionScheduler::is_initialized() ) {
		return [];
	}
	$rows = ActionScheduler_Store::find( $args );
	if ( isset( $args['per_page'] ) && $args['per_page'] > 0 ) {
		$rows = array_slice( $rows, 0, (int) $args['per_page'] );
	}
	if ( 'ids' === $return_format || 'int' === $return_format ) {
		return array_map( static fn( $row ) => (int) $row->action_id, $rows );
	}
	$actions = [];
	foreach ( $rows as $row ) {
		$actions[ (int) $row->action_id ] = new ActionScheduler_Action( $row );
	}
	return $actions;
}
