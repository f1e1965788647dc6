<?php

namespace RunCloudRelay\Status;

interface StatusStore {
	/** Keeps the status unless a later one is there. */
	public function save( DomainStatus $status ): void;

	/**
	 * @param string[] $domains
	 * @return array<string, DomainStatus> by domain
	 */
	public function find( array $domains ): array;

	/** Whether the relay may be asked about this domain now; of several that ask at once only one may. */
	public function mayAsk( string $domain, int $nowMs, int $intervalMs ): bool;

	/** Counts one revival of the domain's mapping. False if there were as many in the last day already. */
	public function countRevival( string $domain, int $nowMs, int $mostInADay ): bool;
}
