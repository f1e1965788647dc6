<?php

namespace RunCloudRelay\Settings;

use RunCloudRelay\Webhook\RelaySecret;

/**
 * Where the relay is and how to speak to it. A constant of wp-config.php comes first, then what was saved on the
 * plugin's own page or in the wizard of Ultimate Multisite, as encrypted network options.
 */
final class Credentials {
	public const URL = 'WU_RUNCLOUD_RELAY_URL';
	public const SECRET = 'WU_RUNCLOUD_RELAY_SECRET';
	public const READ_TOKEN = 'WU_RUNCLOUD_RELAY_READ_TOKEN';
	public const NAMES = [ self::URL, self::SECRET, self::READ_TOKEN ];
	public const OPTION_PREFIX = 'runcloud_relay_credential_';

	private Encryption $encryption;

	public function __construct( Encryption $encryption ) {
		$this->encryption = $encryption;
	}

	public function address(): ?RelayAddress {
		return RelayAddress::parse( $this->value( self::URL ) );
	}

	/** The address as it was entered, also where it is none. */
	public function url(): string {
		return $this->value( self::URL );
	}

	public function secret(): ?RelaySecret {
		return RelaySecret::parse( $this->value( self::SECRET ) );
	}

	/** Null without one: then only sending works. */
	public function readToken(): ?string {
		$token = trim( $this->value( self::READ_TOKEN ) );
		// Several may be written down while one replaces another; the last is the newest.
		$tokens = preg_split( '/\s+/', $token, -1, PREG_SPLIT_NO_EMPTY );
		return is_array( $tokens ) && [] !== $tokens ? (string) end( $tokens ) : null;
	}

	public function areComplete(): bool {
		return null !== $this->address() && null !== $this->secret();
	}

	public function isConstant( string $name ): bool {
		return defined( $name ) && '' !== (string) constant( $name );
	}

	public function has( string $name ): bool {
		return '' !== $this->value( $name );
	}

	public function save( string $name, string $value ): void {
		if ( '' === $value ) {
			delete_network_option( null, self::OPTION_PREFIX . $name );
			return;
		}
		update_network_option( null, self::OPTION_PREFIX . $name, $this->encryption->encrypt( $value ) );
	}

	private function value( string $name ): string {
		if ( $this->isConstant( $name ) ) {
			return trim( (string) constant( $name ) );
		}
		$saved = get_network_option( null, self::OPTION_PREFIX . $name, '' );
		return is_string( $saved ) ? trim( $this->encryption->decrypt( $saved ) ) : '';
	}
}
