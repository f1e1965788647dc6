<?php

namespace RunCloudRelay\Names;

/** The network's own rule, as set in Ultimate Multisite. */
final class UltimateMultisiteWwwRule implements WwwRule {
	private const MANAGER = 'WP_Ultimo\Managers\Domain_Manager';

	public function includesWww( string $domain ): bool {
		if ( 0 === strncmp( $domain, 'www.', 4 ) ) {
			return false;
		}
		$manager = class_exists( self::MANAGER ) ? call_user_func( [ self::MANAGER, 'get_instance' ] ) : null;
		if ( is_object( $manager ) && method_exists( $manager, 'should_create_www_subdomain' ) ) {
			return (bool) $manager->should_create_www_subdomain( $domain );
		}
		// Without the rule: names of two labels only. `www.` of a deeper name is seldom meant.
		return 1 === substr_count( $domain, '.' );
	}
}
