<?php

namespace RunCloudRelay\Names;

/** What the network holds true about its names now. */
interface HeldNames {
	/**
	 * The name in the form of `HostName`; null if the network does not hold it or never announces it.
	 *
	 * @throws CannotReadNames
	 */
	public function find( string $domain ): ?HeldName;

	/**
	 * All of them, each once.
	 *
	 * @return iterable<HeldName>
	 * @throws CannotReadNames
	 */
	public function all(): iterable;

	/** Whether the name belongs to the network itself, or is no public name: never announced, above all never removed. */
	public function isExempt( string $domain ): bool;
}
