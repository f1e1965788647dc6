<?php

namespace RunCloudRelay\Names;

use RunCloudRelay\Settings\Options;
use wpdb;

/**
 * Reads the names from WordPress's own tables: the mappings of Ultimate Multisite and the sites themselves.
 * Always by SQL: the models have caches, and a hook may fire between a write and its cache.
 */
final class NetworkNames implements HeldNames {
	private const PAGE = 500;

	private wpdb $wpdb;
	private WwwRule $wwwRule;
	private Options $options;
	private ?ExemptNames $exempt = null;
	/** @var string[]|null */
	private ?array $hosts = null;
	private ?bool $hasMappings = null;

	public function __construct( wpdb $wpdb, WwwRule $wwwRule, Options $options ) {
		$this->wpdb = $wpdb;
		$this->wwwRule = $wwwRule;
		$this->options = $options;
	}

	public function find( string $domain ): ?HeldName {
		if ( $this->isExempt( $domain ) ) {
			return null;
		}
		$mapping = $this->hasMappings() ? $this->row( $this->mappingQuery( 'm.domain = %s' ) . ' LIMIT 1', $domain ) : null;
		return $this->heldBy( $mapping ?? $this->row( $this->siteQuery( 'domain = %s' ) . ' LIMIT 1', $domain ) );
	}

	public function all(): iterable {
		$seen = [];
		$queries = $this->hasMappings() ? [ $this->mappingQuery( 'm.id > %d' ), $this->siteQuery( 'blog_id > %d' ) ] : [ $this->siteQuery( 'blog_id > %d' ) ];
		foreach ( $queries as $query ) {
			$after = 0;
			do {
				$rows = $this->rows( $query . ' LIMIT ' . self::PAGE, $after );
				foreach ( $rows as $row ) {
					$after = (int) $row['row_id'];
					$held = $this->heldBy( $row );
					if ( null !== $held && ! isset( $seen[ $held->domain ] ) ) {
						$seen[ $held->domain ] = true;
						yield $held;
					}
				}
			} while ( self::PAGE === count( $rows ) );
		}
	}

	public function isExempt( string $domain ): bool {
		if ( null === $this->exempt ) {
			/** Base domains that several sites share; a filter of Ultimate Multisite. */
			$shared = apply_filters( 'wu_checkout_form_base_domains', [] );
			$this->exempt = new ExemptNames( array_merge( $this->networkHosts(), array_filter( (array) $shared, 'is_string' ) ) );
		}
		return $this->exempt->contains( $domain ) || ( ! $this->options->announcesNativeNames() && $this->isNative( $domain ) );
	}

	/** Whether the name is a subdomain of a network. */
	public function isNative( string $domain ): bool {
		foreach ( $this->networkHosts() as $host ) {
			$base = 0 === strncmp( $host, 'www.', 4 ) ? substr( $host, 4 ) : $host;
			if ( substr( $domain, -strlen( $base ) - 1 ) === '.' . $base ) {
				return true;
			}
		}
		return false;
	}

	/**
	 * The names mapped to a site, also of a site that is gone.
	 *
	 * @return string[]
	 * @throws CannotReadNames
	 */
	public function mappedTo( int $siteId ): array {
		if ( ! $this->hasMappings() ) {
			return [];
		}
		return array_column( $this->rows( "SELECT domain FROM {$this->mappings()} WHERE blog_id = %d", $siteId ), 'domain' );
	}

	/**
	 * The names of mappings that are not served yet, or were given up.
	 *
	 * @return string[]
	 * @throws CannotReadNames
	 */
	public function unfinished( int $limit ): array {
		if ( ! $this->hasMappings() ) {
			return [];
		}
		$query = "SELECT domain FROM {$this->mappings()} WHERE stage IN ('checking-dns', 'checking-ssl-cert', 'failed', 'ssl-failed') ORDER BY id DESC LIMIT %d";
		return array_values( array_filter( array_map( [ HostName::class, 'normalize' ], array_column( $this->rows( $query, $limit ), 'domain' ) ) ) );
	}

	/**
	 * The name of a mapping by its id.
	 *
	 * @throws CannotReadNames
	 */
	public function nameOfMapping( int $domainId ): ?string {
		$row = $this->hasMappings() ? $this->row( "SELECT domain FROM {$this->mappings()} WHERE id = %d", $domainId ) : null;
		return null === $row ? null : HostName::normalize( (string) $row['domain'] );
	}

	/**
	 * @param array<string, string|null>|null $row
	 */
	private function heldBy( ?array $row ): ?HeldName {
		$domain = null === $row ? null : HostName::normalize( (string) $row['domain'] );
		if ( null === $row || null === $domain || $this->isExempt( $domain ) ) {
			return null;
		}
		$native = $this->isNative( $domain );
		$mappingId = null === $row['mapping_id'] ? null : (int) $row['mapping_id'];
		return new HeldName( $domain, (int) $row['blog_id'], $mappingId, ! $native && $this->wwwRule->includesWww( $domain ), $native );
	}

	/** A mapping whose site is gone is an orphan: it serves nothing. */
	private function mappingQuery( string $condition ): string {
		return "SELECT m.id AS row_id, m.id AS mapping_id, m.domain AS domain, m.blog_id AS blog_id FROM {$this->mappings()} m INNER JOIN {$this->wpdb->blogs} b ON b.blog_id = m.blog_id WHERE {$condition} ORDER BY m.id";
	}

	private function siteQuery( string $condition ): string {
		return "SELECT blog_id AS row_id, NULL AS mapping_id, domain, blog_id FROM {$this->wpdb->blogs} WHERE {$condition} ORDER BY blog_id";
	}

	private function mappings(): string {
		return $this->wpdb->base_prefix . 'wu_domain_mappings';
	}

	private function hasMappings(): bool {
		if ( null === $this->hasMappings ) {
			$found = $this->rows( 'SHOW TABLES LIKE %s', $this->wpdb->esc_like( $this->mappings() ) );
			// A table may come into being later in this request, while a plugin is being installed.
			if ( [] === $found ) {
				return false;
			}
			$this->hasMappings = true;
		}
		return true;
	}

	/** @return string[] */
	private function networkHosts(): array {
		if ( null === $this->hosts ) {
			$this->hosts = array_map( 'strtolower', array_column( $this->rows( "SELECT domain FROM {$this->wpdb->site} WHERE id > %d", 0 ), 'domain' ) );
		}
		return $this->hosts;
	}

	/**
	 * @param string|int $value
	 * @return array<string, string|null>|null
	 */
	private function row( string $query, $value ): ?array {
		return $this->rows( $query, $value )[0] ?? null;
	}

	/**
	 * @param string|int $value
	 * @return array<int, array<string, string|null>>
	 */
	private function rows( string $query, $value ): array {
		$rows = $this->wpdb->get_results( $this->wpdb->prepare( $query, $value ), ARRAY_A );
		if ( ! is_array( $rows ) || '' !== $this->wpdb->last_error ) {
			throw new CannotReadNames( 'The database gave no answer about the domains of the network.' );
		}
		return $rows;
	}
}
