<?php

namespace WP_Ultimo\Database\Domains;

use function WP_Ultimo\is_at_least;

/** Where a mapping stands. */
final class Domain_Stage {
	public const FAILED           = 'failed';
	public const SSL_FAILED       = 'ssl-failed';
	public const CHECKING_DNS     = 'checking-dns';
	public const CHECKING_SSL     = 'checking-ssl-cert';
	public const DONE_WITHOUT_SSL = 'done-without-ssl';
	public const DONE             = 'done';

	/** @return array<string, string> Labels by stage. */
	public static function to_array(): array {
		$labels = [
			self::FAILED           => 'DNS Failed',
			self::CHECKING_DNS     => 'Checking DNS',
			self::CHECKING_SSL     => 'Checking SSL',
			self::DONE             => 'Ready',
			self::DONE_WITHOUT_SSL => 'Ready (without SSL)',
		];
		return is_at_least( '2.4.10' ) ? $labels + [ self::SSL_FAILED => 'SSL Failed' ] : $labels;
	}

	/** What becomes of a mapping whose certificate never came. */
	public static function without_certificate(): string {
		return is_at_least( '2.4.10' ) ? self::SSL_FAILED : self::DONE_WITHOUT_SSL;
	}
}
