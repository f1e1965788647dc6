<?php

namespace WP_Ultimo\Pages;

use WP_List_Table;

use function WP_Ultimo\is_at_least;

add_action(
	'network_admin_menu',
	static function (): void {
		add_menu_page( 'Domains', 'Domains', 'manage_network', 'wp-ultimo-domains', __NAMESPACE__ . '\\render_domain_list', 'dashicons-admin-site' );
	}
);

/** The network's list of domains. */
function render_domain_list(): void {
	require_once ABSPATH . 'wp-admin/includes/class-wp-list-table.php';

	$table = new class ( [ 'singular' => 'Domain', 'plural' => 'Domains' ] ) extends WP_List_Table {
		public function prepare_items(): void {
			$this->_column_headers = [ $this->get_columns(), [], [], 'domain' ];
			$this->items           = wu_get_domains( [ 'number' => 30 ] );
		}

		public function get_columns(): array {
			return [ 'domain' => 'Domain', 'stage' => 'Stage', 'blog_id' => 'Site', 'active' => 'Active', 'primary_domain' => 'Primary', 'secure' => 'HTTPS', 'id' => 'ID' ];
		}

		public function column_domain( $item ): string {
			$edit = wu_network_admin_url( 'wp-ultimo-edit-domain', [ 'id' => $item->get_id(), 'model' => 'domain' ] );
			$html = sprintf( '<strong><a href="%s">%s</a></strong>', esc_url( $edit ), esc_html( $item->get_domain() ) );
			if ( is_at_least( '2.4.11' ) ) {
				$html = apply_filters( 'wu_domain_list_column_domain', $html, $item );
			}
			$delete = wu_get_form_url( 'delete_modal', [ 'id' => (string) $item->get_id() ] );
			return $html . $this->row_actions(
				[
					'edit'   => sprintf( '<a href="%s">Edit</a>', esc_url( $edit ) ),
					'delete' => sprintf( '<a href="%s">Delete</a>', esc_url( $delete ) ),
				]
			);
		}

		public function column_stage( $item ): string {
			return sprintf( '<span class="%s">%s</span>', esc_attr( $item->get_stage_class() ), esc_html( $item->get_stage_label() ) );
		}

		public function column_default( $item, $name ): string {
			$values = [
				'blog_id'        => (string) $item->get_blog_id(),
				'active'         => $item->is_active() ? 'Yes' : 'No',
				'primary_domain' => $item->is_primary_domain() ? 'Yes' : 'No',
				'secure'         => $item->is_secure() ? 'Yes' : 'No',
				'id'             => (string) $item->get_id(),
			];
			return $values[ $name ] ?? '';
		}
	};
	$table->prepare_items();
	echo '<div class="wrap"><h1 class="wp-heading-inline">Domains</h1> ';
	printf( '<a class="page-title-action" href="%s">Add Domain</a><hr class="wp-header-end">', esc_url( wu_get_form_url( 'add_new_domain' ) ) );
	$table->display();
	echo '</div>';
}
