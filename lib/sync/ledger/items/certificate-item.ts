import type { RecordedVersion } from '../arrival.ts';
import type { CertificateState } from '../states.ts';
import type { HistoryEntry } from './history.ts';
import type { LastError } from './status.ts';
import type { ToldState, WorkItem } from './work-item.ts';

/** An order for a certificate, put on record before it was made. */
export interface CertificateOrder {
  readonly at: number;
  /** Tells sets of names apart: the CA counts orders for the same set. */
  readonly set: string;
  readonly how: 'install' | 'redeploy';
  /** Refused, or made and never seen to be served. */
  readonly failed: boolean;
  /** RunCloud did not take it. */
  readonly refused: boolean;
  /** Why it failed; null: it has not, or a later one of its log has, or that is unknown. */
  readonly error: Pick<LastError, 'code' | 'message'> | null;
  /** Names that were known to point elsewhere when the order was made all the same. */
  readonly includedUnready: readonly string[];
}

export interface CertificateItem extends WorkItem {
  readonly network: string;
  readonly domain: string;
  readonly wanted: boolean;
  /** The last `ssl_retry`; null when only a domain's arrival made the request. */
  readonly version: RecordedVersion | null;
  /** When the multisite last proved that the name reaches it (`ssl_retry`, `dns_ready`): the time in that event. */
  readonly dnsReadyAt: number | null;
  /** When the name was last seen to lead here, or the server to show its certificate; null: never. */
  readonly pointedHereAt: number | null;
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
  /** The order whose certificate is awaited. */
  readonly orderedAt: number | null;
  /** RunCloud's words when it took that order; null: none, or they are not known. */
  readonly orderSaid: string | null;
  /** Orders for this domain alone, of the last week. Kept when the request is closed: the CA does not forget either. */
  readonly orders: readonly CertificateOrder[];
  /** The revision whose failure has had its dead letter. */
  readonly deadLetteredRevision: number | null;
  /** When it was last asked where `www.` points. */
  readonly wwwAskedAt: number | null;
  /** When it was last asked for, until it is valid; null: it has been since. */
  readonly askedAt: number | null;
  /** What the multisite was last told. */
  readonly told: ToldState | null;
  readonly lastError: LastError | null;
  readonly history: readonly HistoryEntry[];
  readonly expiresAt: number | null;
}
