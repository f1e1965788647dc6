<?php

namespace RunCloudRelay\Status;

/** Writes what the relay reports into the plugin that holds the mappings. */
interface MappingWriter {
	public function write( DomainStatus $status ): void;

	/** Has the mapping checked again if it was given up although its certificate is there. Writes no other news. */
	public function revive( DomainStatus $status ): void;
}
