<?php

namespace RunCloudRelay\Screens;

use RunCloudRelay\Reconcile\Findings;

/** What the last comparison of the network's domains with the relay found. */
final class ComparisonView {
	public static function render( Findings $findings ): void {
		echo '<h2>', esc_html__( 'Comparison', 'runcloud-relay' ), '</h2>';
		$last = $findings->last();
		if ( null === $last ) {
			echo '<p>', esc_html__( 'The domains of this network were not compared with the relay yet.', 'runcloud-relay' ), '</p>';
		} else {
			self::renderFindings( $last );
		}
		printf( '<p><a class="button" id="runcloud-relay-compare" href="%s">%s</a></p>', esc_url( Actions::url( Actions::COMPARE ) ), esc_html__( 'Compare now', 'runcloud-relay' ) );
	}

	/** @param array<string, mixed> $last */
	private static function renderFindings( array $last ): void {
		/* translators: 1: a time, 2: number of domains, 3: number of domains */
		$text = __( 'At %1$s this network had %2$d domains, %3$d of them not known to the relay: they are announced.', 'runcloud-relay' );
		echo '<p>', esc_html( sprintf( $text, (string) wp_date( 'Y-m-d H:i:s', intdiv( (int) $last['atMs'], 1000 ) ), (int) $last['held'], (int) $last['missing'] ) ), '</p>';
		/* translators: 1: number of domains, 2: their names */
		self::renderNames( __( 'Announced by this network and no longer here (%1$d): %2$s', 'runcloud-relay' ), (int) $last['goneCount'], (array) $last['gone'] );
		/* translators: 1: number of domains, 2: their names */
		self::renderNames( __( 'In the relay, but never announced by this network, and left alone (%1$d): %2$s', 'runcloud-relay' ), (int) $last['foreignCount'], (array) $last['foreign'] );
	}

	/** @param string[] $names the first of them */
	private static function renderNames( string $text, int $count, array $names ): void {
		if ( $count > 0 ) {
			$more = $count > count( $names ) ? ', …' : '';
			echo '<p>', esc_html( sprintf( $text, $count, implode( ', ', $names ) . $more ) ), '</p>';
		}
	}
}
