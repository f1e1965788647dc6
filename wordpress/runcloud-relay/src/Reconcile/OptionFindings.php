<?php

namespace RunCloudRelay\Reconcile;

final class OptionFindings implements Findings {
	public const OPTION = 'runcloud_relay_findings';
	private const MOST_NAMES = 20;

	public function save( Difference $difference, bool $isComplete, int $nowMs ): void {
		update_network_option(
			null,
			self::OPTION,
			[
				'atMs' => $nowMs,
				'isComplete' => $isComplete,
				'held' => $difference->held,
				'missing' => count( $difference->missing ),
				'gone' => array_slice( $difference->gone, 0, self::MOST_NAMES ),
				'goneCount' => count( $difference->gone ),
				'isAlarming' => $difference->isAlarming(),
				'foreign' => array_slice( $difference->foreign, 0, self::MOST_NAMES ),
				'foreignCount' => count( $difference->foreign ),
			]
		);
	}

	public function last(): ?array {
		$stored = get_network_option( null, self::OPTION, null );
		return is_array( $stored ) && isset( $stored['atMs'] ) ? $stored : null;
	}
}
