import type { CertificateItem } from '../items/certificate-item.ts';
import { withEntry } from '../items/history.ts';
import { withState } from '../items/status.ts';
import { emptyWorkItem, freshCounts, makeDue, makeDueBy } from '../items/work-item.ts';
import { certificateKey } from '../keys.ts';
import type { DelayedMessage, Ledger } from '../ports.ts';
import { toInstant } from '../time.ts';
import { type ItemUpdate, type Seen, updateItem } from '../updates/update.ts';
import { toDelaySeconds } from './message-delay.ts';

/** A certificate that was never checked where its domain is now. */
export const neverChecked = {
  notBefore: null,
  notAfter: null,
  via: null,
  readySince: null,
  orderedAt: null,
  orderSaid: null,
  wwwAskedAt: null,
} as const satisfies Partial<CertificateItem>;

/** A certificate that was never requested. */
export function freshCertificate(network: string, domain: string, now: number): CertificateItem {
  return {
    ...emptyWorkItem,
    network,
    domain,
    wanted: false,
    version: null,
    dnsReadyAt: null,
    pointedHereAt: null,
    askedAt: null,
    state: 'none',
    reason: null,
    since: toInstant(now),
    fix: null,
    ...neverChecked,
    orders: [],
    deadLetteredRevision: null,
    told: null,
    lastError: null,
    history: [],
    expiresAt: null,
  };
}

export interface RequestTerms {
  readonly network: string;
  readonly domain: string;
  readonly now: number;
  /** The domain was not served before: an existing request is made due too. */
  readonly arrived: boolean;
  /** Another row serves it than before, or one serves it again. */
  readonly newRow: boolean;
  /** How long requests gather before a pass. */
  readonly batchMs: number;
}

/** A certificate that is awaited, ordered by the relay or by RunCloud, was for the row that is gone. */
function forNewRow(item: CertificateItem, now: number): CertificateItem {
  const known = { ...item, orderedAt: null, orderSaid: null, readySince: null };
  const isAwaited = item.state === 'requested' || item.reason === 'autossl';
  return isAwaited ? { ...known, ...withState(item, 'pending', null, now) } : known;
}

/** After a failure that was reported comes a new try, with its full time. */
function forNewTry(item: CertificateItem, now: number): CertificateItem {
  if (item.state !== 'failed' || item.deadLetteredRevision !== item.revision) return item;
  return { ...item, ...freshCounts, ...withState(item, 'pending', null, now), fix: null, readySince: null };
}

/**
 * A domain that is served wants a certificate. An existing request is made due by an arrival, and by a pass under way: that may
 * have read the domain before it was wanted, as a protected one whose removal was refused, and would close the request.
 */
export function withRequest(
  stored: CertificateItem | undefined,
  { network, domain, now, arrived, newRow, batchMs }: RequestTerms,
): ItemUpdate<CertificateItem, boolean> {
  const item = stored ?? freshCertificate(network, domain, now);
  const dueAt = now + batchMs;
  if (item.wanted && item.state !== 'none') {
    if (!arrived && item.owner === null) return { result: false };
    const tried = forNewTry(item, now);
    const known = newRow ? forNewRow(tried, now) : tried;
    return { write: { ...known, ...makeDueBy(item, dueAt) }, result: true };
  }
  const write: CertificateItem = {
    ...item,
    ...freshCounts,
    wanted: true,
    state: 'pending',
    reason: null,
    fix: null,
    since: toInstant(now),
    askedAt: now,
    history: withEntry(item.history, now, 'certificate-wanted', 'domain present'),
    expiresAt: null,
    ...makeDue(item, dueAt, dueAt),
  };
  return { write, result: true };
}

/** A pass has seen another row, or another `www.`, and has not settled: that makes an existing request due, and asks for no new one. */
export function withChangedRow(
  item: CertificateItem | undefined,
  terms: RequestTerms,
): ItemUpdate<CertificateItem, boolean> {
  const isAsked = item?.wanted === true && item.state !== 'none';
  return isAsked ? withRequest(item, terms) : { result: false };
}

/** Another application serves the domain now: what was ordered and seen at the old one does not count here. */
export function withMovedDomain(
  item: CertificateItem | undefined,
  now: number,
  dueAt: number,
): ItemUpdate<CertificateItem, undefined> {
  if (item === undefined || !item.wanted) return { result: undefined };
  const write: CertificateItem = {
    ...item,
    ...freshCounts,
    ...neverChecked,
    state: 'pending',
    reason: null,
    fix: null,
    since: toInstant(now),
    askedAt: now,
    history: withEntry(item.history, now, 'certificate-wanted', 'domain moved'),
    ...makeDue(item, dueAt, dueAt),
  };
  return { write, result: undefined };
}

/** Requests the certificate of a domain that is present. True if its work is newly due. */
export function requestCertificate(
  ledger: Ledger,
  at: RequestTerms,
  seen?: Seen<CertificateItem>,
): Promise<boolean> {
  return updateItem(ledger, certificateKey(at.network, at.domain), (item) => withRequest(item, at), seen);
}

/** "Reconcile this network's certificates", once a burst of requests has gathered. */
export function batchedMessage(network: string, batchMs: number): DelayedMessage {
  return { message: { network }, delaySeconds: toDelaySeconds(batchMs) };
}
