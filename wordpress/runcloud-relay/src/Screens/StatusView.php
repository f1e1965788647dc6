<?php

namespace RunCloudRelay\Screens;

use RunCloudRelay\Status\DnsRecord;
use RunCloudRelay\Status\DomainStatus;
use RunCloudRelay\Status\Wording;

/** A domain's status as HTML. Made of inline elements, because it also stands in rows of other plugins. */
final class StatusView {
	/** The element that the script keeps up to date. */
	public static function element( string $domain, ?DomainStatus $status, int $nowMs, bool $isForAdmins ): string {
		return sprintf(
			'<span class="runcloud-relay-status" data-runcloud-relay-domain="%s" data-runcloud-relay-open="%s" aria-live="polite">%s</span>',
			esc_attr( $domain ),
			null === $status || $status->isOpen() ? '1' : '0',
			self::content( $status, $nowMs, $isForAdmins )
		);
	}

	private static function content( ?DomainStatus $status, int $nowMs, bool $isForAdmins ): string {
		$wording = null === $status ? Wording::unknown() : Wording::of( $status );
		$html = sprintf(
			'<span class="runcloud-relay-headline is-%s"><strong>%s</strong> %s</span>',
			esc_attr( $wording->tone ),
			esc_html( $wording->headline ),
			esc_html( $wording->detail )
		);
		if ( null === $status ) {
			return $html;
		}
		return $html . ( $isForAdmins || self::concernsOwnDnsOnly( $status ) ? self::fix( $status ) : '' ) . self::times( $status, $nowMs );
	}

	/** Other sentences are for network admins: that of `held-by-name` names the domain of another customer. */
	private static function concernsOwnDnsOnly( DomainStatus $status ): bool {
		return 'waiting-dns' === $status->certificate;
	}

	private static function fix( DomainStatus $status ): string {
		if ( '' === $status->fix || 'absent' === $status->hosting ) {
			return '';
		}
		$record = DnsRecord::fromFix( $status->fix );
		if ( null === $record ) {
			return sprintf( '<span class="runcloud-relay-fix" lang="en">%s</span>', esc_html( $status->fix ) );
		}
		$order = DnsRecord::REMOVE === $record->action
			? __( 'Remove this record at your DNS provider:', 'runcloud-relay' )
			: __( 'Set this record at your DNS provider:', 'runcloud-relay' );
		$fields = [
			__( 'Type', 'runcloud-relay' ) => $record->type,
			__( 'Name', 'runcloud-relay' ) => $record->name,
			__( 'Value', 'runcloud-relay' ) => $record->value,
		];
		$html = '<span class="runcloud-relay-fix">' . esc_html( $order ) . '<span class="runcloud-relay-record">';
		foreach ( array_filter( $fields ) as $label => $value ) {
			$html .= sprintf( '<span>%s <code>%s</code></span> ', esc_html( $label ), esc_html( $value ) );
		}
		$html .= '</span>';
		if ( '' !== $record->now ) {
			/* translators: %s: an IP address, or several */
			$html .= esc_html( sprintf( __( 'It now points at %s.', 'runcloud-relay' ), $record->now ) );
		}
		return $html . '</span>';
	}

	private static function times( DomainStatus $status, int $nowMs ): string {
		$lines = [];
		if ( $status->isOpen() && null !== $status->nextTryMs ) {
			$lines[] = $status->nextTryMs <= $nowMs
				? __( 'It is being looked at now.', 'runcloud-relay' )
				/* translators: %s: a duration, such as "5 minutes" */
				: sprintf( __( 'It is looked at again in %s.', 'runcloud-relay' ), self::duration( $nowMs, $status->nextTryMs ) );
		}
		if ( null !== $status->notAfterMs && 'valid' === $status->certificate ) {
			/* translators: %s: a date */
			$lines[] = sprintf( __( 'The certificate is valid until %s.', 'runcloud-relay' ), self::date( $status->notAfterMs ) );
		}
		return [] === $lines ? '' : sprintf( '<span class="runcloud-relay-times">%s</span>', esc_html( implode( ' ', $lines ) ) );
	}

	private static function duration( int $fromMs, int $toMs ): string {
		return human_time_diff( intdiv( $fromMs, 1000 ), intdiv( $toMs, 1000 ) );
	}

	private static function date( int $ms ): string {
		return (string) wp_date( (string) get_option( 'date_format', 'Y-m-d' ), intdiv( $ms, 1000 ) );
	}
}
