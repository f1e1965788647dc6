<?php

namespace RunCloudRelay\Rest;

use RunCloudRelay\Services;
use RunCloudRelay\Signals\Guarded;
use Throwable;
use WP_REST_Request;
use WP_REST_Response;

/** `POST /wp-json/runcloud-relay/v1/outcomes`, on the main site only. */
final class OutcomeRoute {
	public const NAMESPACE = 'runcloud-relay/v1';
	public const ROUTE = '/outcomes';

	private Services $services;

	public function __construct( Services $services ) {
		$this->services = $services;
	}

	public function register(): void {
		if ( ! is_main_site() ) {
			return;
		}
		register_rest_route(
			self::NAMESPACE,
			self::ROUTE,
			[
				'methods' => 'POST',
				'callback' => [ $this, 'receive' ],
				// Its signature is its permission; it is proven over the raw bytes, before anything is read of them.
				'permission_callback' => '__return_true',
			]
		);
	}

	public function receive( WP_REST_Request $request ): WP_REST_Response {
		try {
			$status = $this->services->outcomes()->receive(
				(string) $request->get_body(),
				(string) $request->get_header( 'webhook-id' ),
				(string) $request->get_header( 'webhook-timestamp' ),
				(string) $request->get_header( 'webhook-signature' ),
				$this->services->credentials()->secret()
			);
		} catch ( Throwable $error ) {
			Guarded::log( $error );
			$status = 500;
		}
		$response = new WP_REST_Response( [ 'status' => $status < 300 ? 'accepted' : 'refused' ], $status );
		if ( 429 === $status ) {
			$response->header( 'Retry-After', '60' );
		}
		return $response;
	}
}
