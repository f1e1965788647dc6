/** Orders the updates of one domain: by time; `arrival.ts` says what orders two of the same time. */
export interface Version {
  /** RFC 3339, UTC, three digits of milliseconds: compares as text. */
  readonly timestamp: string;
  readonly id: string;
}

/** What the multisite says about a domain: how it should be from now on. */
export interface DomainUpdate {
  readonly network: string;
  readonly domain: string;
  readonly wanted: 'present' | 'absent';
  readonly version: Version;
  readonly www: boolean;
  readonly native: boolean;
  readonly siteId: number | null;
  readonly domainId: number | null;
}

/** A request for a certificate now. `www`, `native` and the ids matter only if the domain is not known yet. */
export interface CertificateRetry extends Omit<DomainUpdate, 'wanted'> {
  readonly reason: 'dns_ready' | 'ssl_failed' | 'manual';
}

export interface Acceptance {
  readonly status: 'accepted' | 'duplicate' | 'superseded';
  /** Timestamp of the update that counts. */
  readonly latest: string;
  /** The domain's work is open: a message is worth sending. */
  readonly open: boolean;
}
