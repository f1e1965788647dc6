<?php

namespace RunCloudRelay\Names;

use RuntimeException;

/** The database gave no answer. Nothing may be concluded from it, least of all that a name is gone. */
final class CannotReadNames extends RuntimeException {}
