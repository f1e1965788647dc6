<?php

namespace RunCloudRelay\Screens;

use RunCloudRelay\Names\NetworkNames;

/** Who may see where a domain stands: network admins, and the people whose site it leads to. */
final class Access {
	private NetworkNames $names;

	public function __construct( NetworkNames $names ) {
		$this->names = $names;
	}

	public function maySee( string $domain ): bool {
		if ( current_user_can( 'manage_network' ) ) {
			return true;
		}
		$held = is_user_logged_in() ? $this->names->find( $domain ) : null;
		return null !== $held && ( self::administers( $held->siteId ) || self::isCustomerOf( $held->siteId ) );
	}

	private static function administers( int $siteId ): bool {
		// The older function is deprecated since WordPress 6.7, the newer one is missing before.
		return function_exists( 'current_user_can_for_site' )
			? current_user_can_for_site( $siteId, 'manage_options' )
			: current_user_can_for_blog( $siteId, 'manage_options' );
	}

	/** In Ultimate Multisite a customer need not administer the site. */
	private static function isCustomerOf( int $siteId ): bool {
		$site = function_exists( 'wu_get_site' ) ? wu_get_site( $siteId ) : null;
		$customer = is_object( $site ) && is_callable( [ $site, 'get_customer' ] ) ? $site->get_customer() : null;
		return is_object( $customer ) && (int) $customer->get_user_id() === get_current_user_id();
	}
}
