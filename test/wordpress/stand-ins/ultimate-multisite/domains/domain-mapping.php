<?php

namespace WP_Ultimo;

use WP_Site;
use WP_Ultimo\Models\Domain;

/** What the plugin does before others load. It attaches nothing while domain mapping is switched off. */
final class Domain_Mapping {
	public function init(): void {
		if ( wu_get_setting( 'enable_domain_mapping', true ) ) {
			add_action( 'wp_delete_site', [ $this, 'clear_mappings_on_delete' ] );
		}
	}

	public function clear_mappings_on_delete( WP_Site $site ): void {
		foreach ( Domain::get_by_site( $site->blog_id ) ?: [] as $mapping ) {
			$mapping->delete();
		}
	}
}
