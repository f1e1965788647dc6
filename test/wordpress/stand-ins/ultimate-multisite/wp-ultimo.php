<?php

/** The class behind WP_Ultimo(), in the global namespace as there. */

namespace {
	final class WP_Ultimo {
		public const VERSION = STAND_IN_VERSION;

		/** @var WP_Ultimo\Admin_Notices */
		public $notices;

		public $version = STAND_IN_VERSION;

		public static function get_instance(): self {
			static $instance = null;
			return $instance ?? $instance = new self();
		}

		private function __construct() {
			$this->notices = new WP_Ultimo\Admin_Notices();
		}

		public function is_loaded(): bool {
			return true;
		}
	}

	function WP_Ultimo(): WP_Ultimo {
		return WP_Ultimo::get_instance();
	}
}

namespace WP_Ultimo {
	/** Notices of the request, shown where they belong. */
	final class Admin_Notices {
		private $notices = [];

		public function __construct() {
			add_action( 'network_admin_notices', fn() => $this->show( 'network-admin' ) );
			add_action( 'admin_notices', fn() => $this->show( 'admin' ) );
		}

		public function add( $message, $type = 'success', $panel = 'admin', $dismissible_key = false, $actions = [] ): void {
			$this->notices[ $panel ][] = compact( 'message', 'type', 'actions' );
		}

		private function show( string $panel ): void {
			foreach ( $this->notices[ $panel ] ?? [] as $notice ) {
				printf( '<div class="notice notice-%s"><p>%s</p>', esc_attr( $notice['type'] ), wp_kses_post( $notice['message'] ) );
				foreach ( $notice['actions'] as $action ) {
					printf( '<p><a class="button" href="%s">%s</a></p>', esc_url( $action['url'] ), esc_html( $action['title'] ) );
				}
				echo '</div>';
			}
		}
	}
}
