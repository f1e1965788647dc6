<?php

namespace RunCloudRelay\Names;

/** A host name that this network serves at this moment. */
final class HeldName {
	public string $domain;
	public int $siteId;
	/** The id of its mapping; null for the name of a site itself. */
	public ?int $domainId;
	public bool $www;
	/** A subdomain of the network itself. */
	public bool $native;

	public function __construct( string $domain, int $siteId, ?int $domainId, bool $www, bool $native ) {
		$this->domain = $domain;
		$this->siteId = $siteId;
		$this->domainId = $domainId;
		$this->www = $www;
		$this->native = $native;
	}
}
