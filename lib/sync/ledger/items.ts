import type { ErrorCode } from '../../errors.ts';
import type { CallsOfMonth } from './calls-of-month.ts';

/** Orders the words about one thing: by time, then by the bytes of the webhook-id. */
export interface Version {
  /** RFC 3339, UTC, three digits of milliseconds: compares as text. */
  readonly timestamp: string;
  readonly id: string;
}

export interface HistoryEntry {
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
  readonly what: string;
  readonly detail: string;
}

export interface LastError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly at: string;
}

/** A write whose answer is awaited. Set before the call, cleared by the outcome. */
export interface Attempt {
  readonly op: 'add' | 'remove' | 'update';
  readonly startedAt: number;
}

/** What is owed to the outside once a try has failed. Written with the failure, cleared after the sending. */
export interface OwedDeadLetter {
  readonly kind: 'dead-letter';
  readonly id: string;
  readonly revision: number;
  readonly code: ErrorCode;
  readonly reason: string;
  readonly firstFailureAt: number;
  readonly lastFailureAt: number;
}

/** A wait that was chosen after a failure, and which of the counts it goes into. */
export interface Backoff {
  readonly since: number;
  readonly until: number;
  readonly counter: 'waitedMs' | 'refusedMs';
}

/** When to look next, and who is looking. Instants are milliseconds since the epoch. Settled work has no dueAt. */
export interface Schedule {
  /** Raised by every write that makes work due. */
  readonly revision: number;
  /** Not before. Null: nothing to do. */
  readonly dueAt: number | null;
  /** When the sweep sends a message. */
  readonly sendAt: number | null;
  /** Waits chosen so far for failures, and how much of them has passed, by the two ways of giving up. */
  readonly attempts: number;
  readonly waitedMs: number;
  readonly refusedMs: number;
  /** The last of these waits, until the next look counts what has passed of it. */
  readonly backoff: Backoff | null;
  readonly firstFailureAt: number | null;
  readonly owner: string | null;
  readonly leaseUntil: number | null;
  readonly attempt: Attempt | null;
  /** A write without an answer may still land until then. No word and no lease clears it. */
  readonly ambiguousUntil: number | null;
  /** Looks in a row that ended without an outcome. */
  readonly crashes: number;
  readonly toSend: readonly OwedDeadLetter[];
}

export type HostingState = 'pending' | 'present' | 'removing' | 'absent' | 'failed' | 'paused';

/** What hosts the domain: an id means nothing away from the server and application it was read from. */
export interface RuncloudId {
  readonly id: number;
  readonly serverId: string;
  readonly appId: string;
}

export interface DomainItem extends Schedule {
  readonly network: string;
  readonly domain: string;
  readonly wanted: 'present' | 'absent';
  readonly version: Version;
  readonly www: boolean;
  readonly native: boolean;
  readonly siteId: number | null;
  readonly domainId: number | null;
  readonly runcloudId: RuncloudId | null;
  /** Whether RunCloud serves `www.` too; null while unknown. */
  readonly wwwServed: boolean | null;
  /** A look of the present request has had an answer about this domain: never POST unread again. */
  readonly answered: boolean;
  /** Start of the last write to RunCloud: a listing kept from before it says nothing. */
  readonly wroteAt: number | null;
  readonly state: HostingState;
  readonly reason: string | null;
  /** RFC 3339: since when `state` holds. */
  readonly since: string;
  readonly lastError: LastError | null;
  readonly history: readonly HistoryEntry[];
  /** Seconds since the epoch, for DynamoDB's TTL. */
  readonly expiresAt: number | null;
}

/** An order for a certificate, put on record before it was made. */
export interface CertificateOrder {
  readonly at: number;
  /** Tells sets of names apart: the CA counts orders for the same set. */
  readonly set: string;
  readonly how: 'install' | 'redeploy';
  /** Refused, or made and never seen to be served. */
  readonly failed: boolean;
  /** Names that were known to point elsewhere when the order was made all the same. */
  readonly includedUnready: readonly string[];
}

export type CertificateState = 'none' | 'pending' | 'waiting-dns' | 'requested' | 'valid' | 'failed';

export interface CertificateItem extends Schedule {
  readonly network: string;
  readonly domain: string;
  readonly wanted: boolean;
  /** The last `ssl_retry` word; null when only a domain's arrival raised the request. */
  readonly version: Version | null;
  /** When the multisite last proved that the name reaches it (`ssl_retry`, `dns_ready`): its own time of the word. */
  readonly dnsReadyAt: number | null;
  readonly state: CertificateState;
  readonly reason: string | null;
  readonly since: string;
  /** What its owner can do about the reason, in a sentence. */
  readonly fix: string | null;
  /** Validity of the certificate last seen to be served. RFC 3339. */
  readonly notBefore: string | null;
  readonly notAfter: string | null;
  readonly via: 'edge' | null;
  /** Since when the name points here without being served with a certificate. */
  readonly readySince: number | null;
  /** The order whose fruit is looked for. */
  readonly orderedAt: number | null;
  /** Orders for this domain alone, of the last week. Kept when the request is closed: the CA does not forget either. */
  readonly orders: readonly CertificateOrder[];
  /** The revision whose failure has had its dead letter. */
  readonly deadLetteredRevision: number | null;
  /** When it was last asked where `www.` points. */
  readonly wwwAskedAt: number | null;
  readonly lastError: LastError | null;
  readonly history: readonly HistoryEntry[];
  readonly expiresAt: number | null;
}

/** Port 443 of the server does not answer handshakes. */
export interface Silence {
  /** Null: it has answered since. */
  readonly since: number | null;
  /** How often RunCloud was asked what is installed there, and when it may be asked again. */
  readonly asks: number;
  readonly askAt: number;
}

/** How many names one web application serves. */
export interface NameCount {
  readonly names: number;
  readonly countedAt: number;
  readonly serverId: string;
  readonly appId: string;
}

/** What the certificates of one web application have in common. */
export interface CertificateWork {
  readonly owner: string | null;
  readonly leaseUntil: number | null;
  /** Orders for the whole application, of the last week. */
  readonly orders: readonly CertificateOrder[];
  /** The names in the last of them, until somebody has seen what became of it. */
  readonly ordered: readonly string[];
}

/** Why a network rests, and when one of its domains may try again. */
export interface Pause {
  readonly code: ErrorCode;
  readonly message: string;
  readonly since: string;
  readonly probeAt: number;
}

/** A failure that pauses the network only when a second domain meets it. */
export interface Suspicion {
  readonly code: ErrorCode;
  readonly domain: string;
}

export interface NetworkClaim {
  readonly serverId: string;
  readonly appId: string;
  readonly renewedAt: number;
  /** When the secret that named this application was read: of two that differ, the later one counts. */
  readonly readAt: number;
}

/** How many names there are, and the first few of them. */
export interface NameList {
  readonly count: number;
  readonly names: readonly string[];
}

/** Where RunCloud's list and the ledger differed when they were last compared. */
export interface Drift {
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
  /** Wanted and served before, but gone from RunCloud. */
  readonly missing: NameList;
  /** Removed by the multisite's word, and there again. */
  readonly unwanted: NameList;
  /** The multisite never spoke of them. */
  readonly unknown: NameList;
  /** What is missing was only told. */
  readonly dryRun: boolean;
}

export interface NetworkItem {
  readonly network: string;
  readonly pause: Pause | null;
  readonly suspicion: Suspicion | null;
  /** Since when RunCloud has answered this network with nothing but 429. */
  readonly limitedSince: number | null;
  /** First looks read too: the network is being announced again, so most names are there already. */
  readonly readsFirst: boolean;
  /** RunCloud was seen to refuse a name that was there already, and not to hold one twice since. */
  readonly refusesDuplicates: boolean;
  /** When a comparison began that saw every name of the application in one row; null: the last whole one did not. */
  readonly singleRowsAt: number | null;
  /** The web application this network last claimed. */
  readonly claim: NetworkClaim | null;
  /** DELETEs of the last hour: how many began in each minute (minutes since the epoch). */
  readonly removals: readonly { readonly minute: number; readonly count: number }[];
  /** What the workers have asked RunCloud for this network; its quota is counted by credential, in `RateLimitItem`. */
  readonly calls: CallsOfMonth | null;
  /** A walk over all domains of the network: what for, and after which name it goes on. */
  readonly requeue: { readonly reason: 'resumed' | 'moved'; readonly cursor: string | null } | null;
  /**
   * When RunCloud's list is to be compared with the ledger, and since when a comparison is half done (how far it came
   * is in the item `comparison`). Null: no application has been claimed yet.
   */
  readonly comparison: { readonly dueAt: number; readonly begunAt: number | null } | null;
  /** What the last comparison found. */
  readonly drift: Drift | null;
  /** Who reads a list of many pages just now, and until when nobody else begins one. */
  readonly lister: { readonly owner: string; readonly until: number } | null;
  /** The server's address as RunCloud tells it. */
  readonly server: { readonly serverId: string; readonly address: string; readonly readAt: number } | null;
  readonly certificates: CertificateWork | null;
  /** The application's names when they were last counted, if they were too many for one certificate. */
  readonly tooManyNames: NameCount | null;
  readonly silence: Silence | null;
  readonly revision: number;
  readonly dueAt: number | null;
  readonly sendAt: number | null;
  readonly owner: string | null;
  readonly leaseUntil: number | null;
}

/** How far a comparison came that goes on in another call. */
export interface ComparisonItem {
  readonly begunAt: number;
  readonly serverId: string;
  readonly appId: string;
  /** The page to be read next; null: all have been read. */
  readonly nextPage: number | null;
  readonly rows: number;
  /** As told by the first page. */
  readonly total: number | null;
  /** Every page told the same total, and every row could be read. */
  readonly steady: boolean;
  /** Fingerprints of all names served by the rows read so far, one after the other. */
  readonly served: string;
  readonly unwanted: NameList;
  readonly unknown: NameList;
  readonly expiresAt: number | null;
}

/** Which network owns a web application. */
export interface ClaimItem {
  readonly network: string;
  readonly renewedAt: number;
}

/** The next free place for a call with one credential, and how many calls it has made. */
export interface RateLimitItem {
  readonly nextFreeAt: number;
  readonly limitPerMinute: number;
  /** All of them, of workers and of live reads: RunCloud's quota counts them too. */
  readonly calls: CallsOfMonth | null;
  readonly expiresAt: number | null;
}

/** The sweep's own lease. */
export interface SweepItem {
  readonly owner: string | null;
  readonly leaseUntil: number;
}

export interface StoredItems {
  domain: DomainItem;
  certificate: CertificateItem;
  network: NetworkItem;
  comparison: ComparisonItem;
  claim: ClaimItem;
  rateLimit: RateLimitItem;
  sweep: SweepItem;
}

export type Kind = keyof StoredItems;

/** Kinds of work the sweep asks for: items of these kinds with a `sendAt` are in the index. */
export type WorkKind = 'domain' | 'certificate' | 'network';

/** Where an item lies: `network` and `item` are the table's key (docs/rules.md, "The items"). */
export interface Key<K extends Kind> {
  readonly kind: K;
  readonly network: string;
  readonly item: string;
}

export function domainKey(network: string, domain: string): Key<'domain'> {
  return {
    kind: 'domain',
    network,
    item: `domain#${domain}`,
  };
}

export function certificateKey(network: string, domain: string): Key<'certificate'> {
  return {
    kind: 'certificate',
    network,
    item: `certificate#${domain}`,
  };
}

export function networkKey(network: string): Key<'network'> {
  return {
    kind: 'network',
    network,
    item: 'network',
  };
}

export function comparisonKey(network: string): Key<'comparison'> {
  return {
    kind: 'comparison',
    network,
    item: 'comparison',
  };
}

export function claimKey(serverId: string, appId: string): Key<'claim'> {
  return {
    kind: 'claim',
    network: `app#${serverId}/${appId}`,
    item: 'claim',
  };
}

/** `fingerprint`: the first 16 hex digits of the SHA-256 of the credential. */
export function rateLimitKey(fingerprint: string): Key<'rateLimit'> {
  return {
    kind: 'rateLimit',
    network: `token#${fingerprint}`,
    item: 'rateLimit',
  };
}

export const sweepKey: Key<'sweep'> = { kind: 'sweep', network: 'sweep', item: 'lease' };
