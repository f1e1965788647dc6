<?php

namespace RunCloudRelay\Queue;

/** Schedules belong to a site; those of this plugin to the main one, whatever site a hook fires on. */
final class OnMainSite {
	/**
	 * @template T
	 * @param callable(): T $action
	 * @return T
	 */
	public static function run( callable $action ) {
		$isElsewhere = get_current_blog_id() !== get_main_site_id();
		if ( $isElsewhere ) {
			switch_to_blog( get_main_site_id() );
		}
		try {
			return $action();
		} finally {
			if ( $isElsewhere ) {
				restore_current_blog();
			}
		}
	}
}
