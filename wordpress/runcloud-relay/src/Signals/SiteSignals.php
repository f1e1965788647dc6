<?php

namespace RunCloudRelay\Signals;

use RunCloudRelay\Names\NetworkNames;
use RunCloudRelay\Queue\Recorder;

/** WordPress's own hooks around a site. They fire with any plugin for domains, and with none. */
final class SiteSignals {
	private Recorder $recorder;
	private NetworkNames $names;

	public function __construct( Recorder $recorder, NetworkNames $names ) {
		$this->recorder = $recorder;
		$this->names = $names;
	}

	/** `wp_insert_site` */
	public function inserted( string $domain ): void {
		$this->recorder->observe( $domain );
	}

	/** `wp_update_site` */
	public function updated( string $new, string $old ): void {
		if ( $new !== $old ) {
			$this->recorder->observe( $new );
			$this->recorder->observe( $old );
		}
	}

	/** `wp_delete_site`. Its mappings go with it, also where their plugin is off and says nothing. */
	public function deleted( string $domain, int $siteId ): void {
		$this->recorder->observe( $domain );
		foreach ( $this->names->mappedTo( $siteId ) as $mapped ) {
			$this->recorder->observe( $mapped );
		}
	}
}
