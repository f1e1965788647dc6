<?php

namespace RunCloudRelay\Names;

/** The names that are never announced: those of the networks themselves, their `www.`, and names that are not public. */
final class ExemptNames {
	/** @var array<string, true> */
	private array $names = [];

	/** @param string[] $networkHosts hosts of the networks, and base domains that several sites share */
	public function __construct( array $networkHosts ) {
		foreach ( $networkHosts as $host ) {
			$host = strtolower( trim( $host ) );
			$this->names[ $host ] = true;
			$this->names[ 'www.' . $host ] = true;
			if ( 0 === strncmp( $host, 'www.', 4 ) ) {
				$this->names[ substr( $host, 4 ) ] = true;
			}
		}
	}

	public function contains( string $domain ): bool {
		return isset( $this->names[ $domain ] ) || 1 === preg_match( '/^(.+\.)?example\.(com|net|org)$/D', $domain ) || null === HostName::normalize( $domain );
	}
}
