<?php

namespace RunCloudRelay\Status;

/** The record to set, read out of the relay's `fix`, so that it can be shown as a form of a DNS provider asks for it. */
final class DnsRecord {
	public const SET = 'set';
	public const REMOVE = 'remove';

	public string $action;
	public string $type;
	public string $name;
	/** Empty for one to remove. */
	public string $value;
	/** What the name has now; empty if the relay did not tell. */
	public string $now;

	private function __construct( string $action, string $type, string $name, string $value, string $now ) {
		$this->action = $action;
		$this->type = $type;
		$this->name = $name;
		$this->value = $value;
		$this->now = $now;
	}

	/** Null for a `fix` that names no record: then its own words are shown. */
	public static function fromFix( string $fix ): ?self {
		[ $order, $now ] = array_pad( explode( '; ', $fix, 2 ), 2, '' );
		$now = 1 === preg_match( '/^it now points at (.+)$/D', $now, $found ) ? $found[1] : '';
		if ( 1 === preg_match( '/^Point an? (A|AAAA|CNAME) record for (\S+) at (\S+)( and nowhere else)?$/D', $order, $found ) ) {
			return new self( self::SET, $found[1], $found[2], $found[3], $now );
		}
		if ( 1 === preg_match( '/^Point an ALIAS or ANAME record for (\S+) at ([^\s,]+)(, or .+)?( and nowhere else)?$/D', $order, $found ) ) {
			// Few providers have such a record; the address that comes with it does as well, and everywhere.
			return 1 === preg_match( '/^, or an (A|AAAA) record at (\S+)/', $found[3] ?? '', $address )
				? new self( self::SET, $address[1], $found[1], $address[2], $now )
				: new self( self::SET, 'ALIAS', $found[1], $found[2], $now );
		}
		if ( 1 === preg_match( '/^Remove the AAAA record of (\S+?)(, or .+)?$/D', $order, $found ) ) {
			return new self( self::REMOVE, 'AAAA', $found[1], '', $now );
		}
		if ( 1 === preg_match( '/^Add the CAA record (0 issue "[a-z0-9.-]+") to ([^\s,;]+)/', $order, $found ) ) {
			return new self( self::SET, 'CAA', $found[2], $found[1], '' );
		}
		return null;
	}
}
