import type { CertificateItem } from './certificate-item.ts';
import { withEntry } from './history.ts';
import { certificateKey } from './keys.ts';
import { toDelaySeconds } from './message-delay.ts';
import type { DelayedMessage, Ledger } from './ports.ts';
import { toInstant } from './time.ts';
import type { ItemUpdate } from './update.ts';
import { updateItem } from './update.ts';
import { emptySchedule, freshCounts, makeDue, makeDueBy } from './work-item.ts';

/** Of a certificate that was never asked after where its domain is now. */
export const neverChecked = {
  notBefore: null,
  notAfter: null,
  via: null,
  readySince: null,
  orderedAt: null,
  wwwAskedAt: null,
} as const satisfies Partial<CertificateItem>;

/** A certificate nobody has wanted for yet. */
export function freshCertificate(network: string, domain: string, now: number): CertificateItem {
  return {
    ...emptySchedule,
    network,
    domain,
    wanted: false,
    version: null,
    dnsReadyAt: null,
    state: 'none',
    reason: null,
    since: toInstant(now),
    fix: null,
    ...neverChecked,
    orders: [],
    deadLetteredRevision: null,
    lastError: null,
    history: [],
    expiresAt: null,
  };
}

export interface RequestTerms {
  readonly network: string;
  readonly domain: string;
  readonly now: number;
  /** The domain was not seen to be served before: also a request that is there already is looked at anew. */
  readonly arrived: boolean;
  /** Requests gather so long before anybody looks. */
  readonly batchMs: number;
}

/** A domain that is served wants a certificate; a request that is there already is made due only by an arrival. */
export function withRequest(
  stored: CertificateItem | undefined,
  { network, domain, now, arrived, batchMs }: RequestTerms,
): ItemUpdate<CertificateItem, boolean> {
  const item = stored ?? freshCertificate(network, domain, now);
  const dueAt = now + batchMs;
  if (item.wanted && item.state !== 'none') {
    if (!arrived) return { result: false };
    return { write: { ...item, ...makeDueBy(item, dueAt) }, result: true };
  }
  const write: CertificateItem = {
    ...item,
    ...freshCounts,
    wanted: true,
    state: 'pending',
    reason: null,
    fix: null,
    since: toInstant(now),
    history: withEntry(item.history, now, 'certificate-wanted', 'domain present'),
    expiresAt: null,
    ...makeDue(item, dueAt, dueAt),
  };
  return { write, result: true };
}

/** The domain is served by another application than before: what was ordered and seen there says nothing here. */
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
    history: withEntry(item.history, now, 'certificate-wanted', 'domain moved'),
    ...makeDue(item, dueAt, dueAt),
  };
  return { write, result: undefined };
}

/** Raises the request for a certificate of a domain that is present. True if there is something new to look at. */
export function requestCertificate(ledger: Ledger, at: RequestTerms): Promise<boolean> {
  return updateItem(ledger, certificateKey(at.network, at.domain), (item) => withRequest(item, at));
}

/** "Look at this network's certificates", once a burst of requests has gathered. */
export function batchedMessage(network: string, batchMs: number): DelayedMessage {
  return { message: { network }, delaySeconds: toDelaySeconds(batchMs) };
}
