<?php

namespace WP_Ultimo\Models;

use WP_Error;
use WP_Ultimo\Database\Domains\Domain_Query;
use WP_Ultimo\Database\Domains\Domain_Stage;
use WP_Ultimo\Domain_Mapping\Visitor;

use function WP_Ultimo\is_at_least;

/** One mapping: a domain that leads to a site. */
final class Domain {
	/** Stages in which a mapping is not served. */
	public const INACTIVE_STAGES = [ 'checking-dns', 'checking-ssl-cert', 'failed', 'ssl-failed' ];

	private $id;
	private $row;
	private $was_primary;

	/** @param array<string, mixed>|self $data */
	public function __construct( $data = [] ) {
		if ( $data instanceof self ) {
			$data = [ 'id' => $data->id ] + $data->row;
		}
		$this->id  = (int) ( $data['id'] ?? 0 );
		$this->row = array_intersect_key( $data, array_flip( Domain_Query::COLUMNS ) );

		$this->row['domain'] = strtolower( (string) ( $data['domain'] ?? '' ) );
		$this->was_primary   = $this->id > 0 && $this->is_primary_domain();
	}

	public static function get_by_id( $id ) {
		return self::get_by( 'id', $id );
	}

	/** Of twins, the older. */
	public static function get_by( $column, $value ) {
		if ( empty( $value ) ) {
			return false;
		}
		return Domain_Query::query( [ $column => $value, 'number' => 1, 'order' => 'ASC' ] )[0] ?? false;
	}

	/** @return list<self>|false */
	public static function get_by_site( $site ) {
		return Domain_Query::query( [ 'blog_id' => is_object( $site ) ? $site->blog_id : $site, 'number' => 0 ] ) ?: false;
	}

	public function get_id(): int {
		return $this->id;
	}

	public function exists(): bool {
		return $this->id > 0;
	}

	public function get_domain(): string {
		return $this->row['domain'];
	}

	public function set_domain( $domain ): void {
		$this->row['domain'] = strtolower( $domain );
	}

	public function get_blog_id(): int {
		return (int) $this->row['blog_id'];
	}

	public function set_blog_id( $blog_id ): void {
		$this->row['blog_id'] = $blog_id;
	}

	public function get_site_id(): int {
		return $this->get_blog_id();
	}

	public function get_site() {
		return get_site( $this->get_blog_id() );
	}

	public function get_url( $path = '' ): string {
		return ( $this->is_secure() ? 'https://' : 'http://' ) . $this->get_domain() . '/' . $path;
	}

	public function is_active(): bool {
		return ! $this->has_inactive_stage() && (bool) $this->row['active'];
	}

	public function set_active( $active ): void {
		$this->row['active'] = $active;
	}

	public function is_primary_domain(): bool {
		return (bool) ( $this->row['primary_domain'] ?? false );
	}

	public function set_primary_domain( $primary_domain ): void {
		$this->row['primary_domain'] = $primary_domain;
	}

	public function is_secure(): bool {
		return (bool) ( $this->row['secure'] ?? false );
	}

	public function set_secure( $secure ): void {
		$this->row['secure'] = $secure;
	}

	public function get_stage(): string {
		return $this->row['stage'] ?? Domain_Stage::CHECKING_DNS;
	}

	public function set_stage( $stage ): void {
		$this->row['stage'] = $stage;
	}

	public function has_inactive_stage(): bool {
		return in_array( $this->get_stage(), self::INACTIVE_STAGES, true );
	}

	public function get_stage_label(): string {
		return Domain_Stage::to_array()[ $this->get_stage() ] ?? $this->get_stage();
	}

	public function get_stage_class(): string {
		return 'stage-' . $this->get_stage();
	}

	public function get_date_created(): string {
		return (string) $this->row['date_created'];
	}

	/** @return array<string, mixed> */
	public function to_array(): array {
		return [ 'id' => $this->id ] + $this->row;
	}

	public function has_correct_dns(): bool {
		$found = Visitor::addresses( $this->get_domain() );
		if ( in_array( get_network()->domain, $found, true ) || in_array( Visitor::network_address(), $found, true ) ) {
			return true;
		}
		return (bool) apply_filters( 'wu_domain_has_correct_dns', false, $this, $found );
	}

	public function has_valid_ssl_certificate(): bool {
		return Visitor::meets_valid_certificate( $this->get_domain() );
	}

	/** @return true|false|WP_Error False where an update changed nothing. */
	public function save() {
		$is_new  = ! $this->exists();
		$this->promote_when_done();
		$invalid = $this->invalid();
		if ( $invalid ) {
			return $invalid;
		}
		$data = $this->row;
		foreach ( [ 'active', 'primary_domain', 'secure' ] as $flag ) {
			$data[ $flag ] = (int) ( $data[ $flag ] ?? 0 );
		}
		$data = apply_filters( 'wu_domain_pre_save', $data, $this->to_array(), $this );
		if ( $is_new ) {
			$this->id = Domain_Query::add( $data );
			$saved    = $this->id > 0;
		} else {
			$saved = Domain_Query::update( $this->id, $data );
		}
		do_action( 'wu_model_post_save', 'domain', $data, $this->to_array(), $this );
		do_action( 'wu_domain_post_save', $data, $this, $is_new );
		$this->release_other_primaries( $is_new );
		return $saved;
	}

	/** @return int|false|WP_Error */
	public function delete() {
		if ( ! $this->exists() ) {
			return new WP_Error( 'wu_domain_delete_unsaved_item', 'Item not found.' );
		}
		do_action( 'wu_domain_pre_delete', $this );
		$result = Domain_Query::delete( $this->id );
		do_action( 'wu_domain_post_delete', $result, $this );
		wu_log_clear( 'domain-' . $this->get_domain() );
		wu_log_add( 'domain-' . $this->get_domain(), 'Domain deleted and logs cleared...' );
		return $result;
	}

	/** Uniqueness is asked for, not kept: another process may add the same name before this one does. */
	private function invalid(): ?WP_Error {
		$form = '/^(?!-)(?:(?:[a-z\d][a-z\d-]{0,61})?[a-z\d]\.){1,126}(?!\d+)[a-z\d]{1,63}$/i';
		$same = Domain_Query::query( [ 'domain' => $this->get_domain(), 'id__not_in' => [ $this->id ], 'number' => 1 ] );
		if ( 1 !== preg_match( $form, $this->get_domain() ) || [] !== $same || empty( $this->row['blog_id'] ) ) {
			return new WP_Error( 'validation-error', $this->get_domain() . ' is not valid' );
		}
		return null;
	}

	/** Since 2.7.1: a custom domain that is done becomes the primary one of a site that has no other. */
	private function promote_when_done(): void {
		$is_done   = in_array( $this->get_stage(), [ 'done', 'done-without-ssl' ], true );
		$is_custom = '.' . get_network()->domain !== substr( $this->get_domain(), -strlen( '.' . get_network()->domain ) );
		if ( ! is_at_least( '2.7.1' ) || ! $is_done || ! $is_custom || $this->is_primary_domain() ) {
			return;
		}
		$primaries = Domain_Query::query( [ 'primary_domain' => 1, 'blog_id' => $this->get_blog_id(), 'fields' => 'domain' ] );
		$native    = get_site( $this->get_blog_id() )->domain ?? '';
		if ( [] === array_diff( $primaries, [ $native ] ) ) {
			$this->set_primary_domain( true );
		}
	}

	private function release_other_primaries( bool $is_new ): void {
		if ( ! $this->is_primary_domain() || ( ! $is_new && $this->was_primary ) ) {
			return;
		}
		$this->was_primary = true;
		$others            = Domain_Query::query( [ 'primary_domain' => 1, 'blog_id' => $this->get_blog_id(), 'id__not_in' => [ $this->id ], 'fields' => 'ids' ] );
		do_action( 'wu_async_remove_old_primary_domains', $others );
		if ( is_at_least( '2.4.4' ) ) {
			do_action( 'wu_domain_became_primary', $this, $this->get_blog_id(), $is_new );
		}
	}
}
