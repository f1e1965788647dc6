<?php

namespace RunCloudRelay\Status;

/** Writes what the relay reports into the plugin that holds the mappings. */
interface MappingWriter {
	public function write( DomainStatus $status ): void;
}
