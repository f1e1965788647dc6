<?php

namespace RunCloudRelay\Names;

/** Whether `www.` of a name is served too. */
interface WwwRule {
	public function includesWww( string $domain ): bool;
}
