<?php

namespace RunCloudRelay\Http;

use RuntimeException;

/** The request may have arrived or not: there was no answer in time. */
final class NoAnswer extends RuntimeException {}
