<?php

namespace WP_Ultimo\Traits;

trait Singleton {
	protected static $instance;

	public static function get_instance() {
		if ( ! static::$instance instanceof static ) {
			static::$instance = new static();
			static::$instance->init();
		}
		return static::$instance;
	}

	public function init() {}
}
