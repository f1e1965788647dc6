<?php

namespace RunCloudRelay\Cli;

use RunCloudRelay\Reconcile\Difference;
use RunCloudRelay\Status\DomainStatus;
use RunCloudRelay\Status\Wording;
use RunCloudRelay\Time\Instant;

/** What the commands print, row by row. */
final class Rows {
	/** @return array<int, array{domain: string, action: string}> */
	public static function ofDifference( Difference $difference, bool $removes ): array {
		$actions = array_merge(
			array_fill_keys( array_column( $difference->missing, 'domain' ), 'add' ),
			array_fill_keys( $difference->gone, $removes ? 'remove' : 'keep (use --remove-missing to remove)' ),
			array_fill_keys( $difference->foreign, 'keep (not announced by this network)' )
		);
		$rows = [];
		foreach ( $actions as $domain => $action ) {
			$rows[] = [
				'domain' => (string) $domain,
				'action' => $action,
			];
		}
		return $rows;
	}

	/**
	 * @param array<string, mixed> $event
	 * @return array<string, mixed>
	 */
	public static function ofEvent( array $event ): array {
		$event['at'] = Instant::format( (int) $event['at'] );
		unset( $event['due'] );
		return $event;
	}

	/** @return array<string, string> */
	public static function ofStatus( DomainStatus $status ): array {
		return [
			'domain' => $status->domain,
			'hosting' => trim( $status->hosting . ' ' . $status->hostingReason ),
			'certificate' => trim( $status->certificate . ' ' . $status->certificateReason ),
			'words' => Wording::of( $status )->text(),
			'fix' => $status->fix,
			'next' => null === $status->nextTryMs ? '' : Instant::format( $status->nextTryMs ),
			'told' => Instant::format( $status->atMs ),
		];
	}
}
