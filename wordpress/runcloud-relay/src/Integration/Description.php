<?php

namespace RunCloudRelay\Integration;

use RunCloudRelay\Settings\Credentials;

/** What both systems of host integrations say about this one. */
final class Description {
	public const REQUIRED = [ Credentials::URL, Credentials::SECRET ];
	public const OPTIONAL = [ Credentials::READ_TOKEN ];
	/** Stands for a secret that is saved: the secret itself is never printed. */
	public const MASK = '********';

	public static function text(): string {
		return __( 'Tells runcloud-relay of every domain that is added, removed or without a certificate. The relay makes RunCloud match, and reports back where each domain stands.', 'runcloud-relay' );
	}

	/** @return array{will: array<string, string>, will_not: array<string, string>} */
	public static function explainerLines(): array {
		return [
			'will' => [
				'send_domains' => __( 'Have RunCloud serve every domain that is added to this network, and order its certificate', 'runcloud-relay' ),
				'remove_domains' => __( 'Have RunCloud let go of domains that are removed or renamed', 'runcloud-relay' ),
				'show_status' => __( 'Show you and your customers where a domain stands, and which DNS record to set', 'runcloud-relay' ),
			],
			'will_not' => [
				'hold_keys' => __( 'Keep any credentials of RunCloud in WordPress', 'runcloud-relay' ),
			],
		];
	}

	/** @return array<string, array<string, mixed>> */
	public static function fields(): array {
		return [
			Credentials::URL => [
				'type' => 'text',
				'title' => __( 'Address of the relay', 'runcloud-relay' ),
				'desc' => __( 'With the name of this network at its end.', 'runcloud-relay' ),
				'placeholder' => 'https://relay.example.org/default',
			],
			Credentials::SECRET => [
				'type' => 'password',
				'title' => __( 'Secret', 'runcloud-relay' ),
				'desc' => __( 'RELAY_SECRET of this network: it starts with whsec_.', 'runcloud-relay' ),
				'placeholder' => 'whsec_…',
				'html_attr' => [ 'autocomplete' => 'new-password' ],
			],
			Credentials::READ_TOKEN => [
				'type' => 'password',
				'title' => __( 'Read token', 'runcloud-relay' ),
				'desc' => __( 'RELAY_READ_TOKEN of this network, so that statuses are always up to date. Optional.', 'runcloud-relay' ),
				'html_attr' => [ 'autocomplete' => 'new-password' ],
			],
		];
	}

	public static function printInstructions(): void {
		echo '<p>', esc_html__( 'You need the address of your relay with the name of this network at its end, and two values of this network’s secret in the relay: RELAY_SECRET, and RELAY_READ_TOKEN for reading statuses.', 'runcloud-relay' ), '</p>';
		echo '<p>', esc_html__( 'You can also define WU_RUNCLOUD_RELAY_URL, WU_RUNCLOUD_RELAY_SECRET and WU_RUNCLOUD_RELAY_READ_TOKEN in wp-config.php. Turn off the RunCloud integration if it is on.', 'runcloud-relay' ), '</p>';
		/* translators: %s: an address */
		echo '<p>', esc_html( sprintf( __( 'So that the relay can report back, set CALLBACK_URL in the relay to %s.', 'runcloud-relay' ), get_rest_url( get_main_site_id(), 'runcloud-relay/v1/outcomes' ) ) ), '</p>';
	}
}
