import type { CertificateItem } from '../ledger/certificate-item.ts';
import { freshCertificate } from '../ledger/certificate-request.ts';
import {
  type Acceptance,
  type CertificateRetry,
  compareVersions,
  type DomainUpdate,
} from '../ledger/desired-state.ts';
import type { DomainItem } from '../ledger/domain-item.ts';
import { withEntry } from '../ledger/history.ts';
import { certificateKey, domainKey } from '../ledger/keys.ts';
import type { Ledger } from '../ledger/ports.ts';
import { toInstant } from '../ledger/time.ts';
import { type ItemUpdate, updateItem } from '../ledger/update.ts';
import { emptySchedule, freshCounts, makeDue } from '../ledger/work-item.ts';

export interface RecordTerms {
  readonly now: number;
  /** First wait of the item's kind; the API handler's margin is four of them. */
  readonly baseMs: number;
}

const API_MARGIN = 4;

function isOpen(item: { readonly dueAt: number | null }): boolean {
  return item.dueAt !== null;
}

/** The rule of the last word: a newer word replaces the request and makes it due, any other changes nothing. */
export function applyUpdate(
  item: DomainItem | undefined,
  update: DomainUpdate,
  { now, baseMs }: RecordTerms,
): ItemUpdate<DomainItem, Acceptance> {
  const order = item === undefined ? 1 : compareVersions(update.version, item.version);
  if (item !== undefined && order <= 0) {
    const status = order === 0 ? 'duplicate' : 'superseded';
    return { result: { status, latest: item.version.timestamp, open: isOpen(item) } };
  }
  const state = update.wanted === 'absent' ? 'removing' : item?.state === 'present' ? 'present' : 'pending';
  const write: DomainItem = {
    ...emptySchedule,
    runcloudId: null,
    wwwServed: null,
    wroteAt: null,
    lastError: null,
    // What a lease, a lost answer and an owed dead letter say stays true whatever is wanted now.
    ...item,
    ...freshCounts,
    network: update.network,
    domain: update.domain,
    wanted: update.wanted,
    version: update.version,
    www: update.www,
    native: update.native,
    siteId: update.siteId ?? item?.siteId ?? null,
    domainId: update.domainId ?? item?.domainId ?? null,
    answered: false,
    state,
    reason: null,
    since: state === item?.state ? item.since : new Date(now).toISOString(),
    history: withEntry(
      item?.history ?? [],
      now,
      'accepted',
      update.wanted === 'present' ? 'domain.added' : 'domain.removed',
    ),
    expiresAt: null,
    ...makeDue(item ?? emptySchedule, now, now + API_MARGIN * baseMs),
  };
  return { write, result: { status: 'accepted', latest: update.version.timestamp, open: true } };
}

/** Writes what the multisite says about a domain, if it is newer than what it said before. */
export function recordUpdate(ledger: Ledger, update: DomainUpdate, at: RecordTerms): Promise<Acceptance> {
  return updateItem(ledger, domainKey(update.network, update.domain), (item) =>
    applyUpdate(item, update, at),
  );
}

/** The latest proof that the name reaches the multisite; words that tell of something else do not disprove it. */
function dnsReadyAtAfter(
  known: CertificateItem | undefined,
  update: CertificateRetry,
  now: number,
): number | null {
  const before = known?.dnsReadyAt ?? null;
  if (update.reason !== 'dns_ready') return before;
  return Math.max(before ?? 0, Math.min(now, Date.parse(update.version.timestamp)));
}

/**
 * A proof stays one behind a newer word: DNS may be declared right and the certificate missed in one run, and the two words
 * may arrive in either order (docs/external-systems.md, "Ultimate Multisite").
 */
function withDnsConfirmation(
  item: CertificateItem,
  update: CertificateRetry,
  now: number,
): CertificateItem | undefined {
  const dnsReadyAt = dnsReadyAtAfter(item, update, now);
  return !item.wanted || dnsReadyAt === item.dnsReadyAt ? undefined : { ...item, dnsReadyAt };
}

function applyRetry(
  item: CertificateItem | undefined,
  update: CertificateRetry,
  { now, baseMs }: RecordTerms,
): ItemUpdate<CertificateItem, Pick<Acceptance, 'status' | 'latest'>> {
  const last = item?.version ?? null;
  const order = last === null ? 1 : compareVersions(update.version, last);
  if (item !== undefined && last !== null && order <= 0) {
    if (order === 0) return { result: { status: 'duplicate', latest: last.timestamp } };
    const noted = withDnsConfirmation(item, update, now);
    return { ...(noted && { write: noted }), result: { status: 'superseded', latest: last.timestamp } };
  }
  const known = item ?? freshCertificate(update.network, update.domain, now);
  // What had failed is tried once more, and may fail once more, with a dead letter of its own.
  const state = known.state === 'none' || known.state === 'failed' ? 'pending' : known.state;
  const write: CertificateItem = {
    ...known,
    ...freshCounts,
    wanted: true,
    version: update.version,
    dnsReadyAt: dnsReadyAtAfter(item, update, now),
    state,
    ...(state === known.state ? {} : { reason: null, fix: null, readySince: null, since: toInstant(now) }),
    history: withEntry(known.history, now, 'accepted', `domain.ssl_retry ${update.reason}`),
    expiresAt: null,
    ...makeDue(known, now, now + API_MARGIN * baseMs),
  };
  return { write, result: { status: 'accepted', latest: update.version.timestamp } };
}

/** A retry as a word about its domain: news only where nobody has spoken of it. */
function applyRetryToDomain(
  known: DomainItem | undefined,
  update: CertificateRetry,
  at: RecordTerms,
): ItemUpdate<DomainItem, { readonly superseded: Acceptance | undefined; readonly open: boolean }> {
  if (known === undefined) {
    const { write } = applyUpdate(known, { ...update, wanted: 'present' }, at);
    return { ...(write && { write }), result: { superseded: undefined, open: true } };
  }
  const open = isOpen(known);
  if (known.wanted === 'present') return { result: { superseded: undefined, open } };
  const superseded: Acceptance = { status: 'superseded', latest: known.version.timestamp, open };
  return { result: { superseded, open } };
}

/**
 * Writes a request for a certificate now. It never changes what is wanted: a domain that is to be absent supersedes
 * it, and one that nobody announced counts as added too. `open` tells whether the domain's own work is open.
 */
export async function recordRetry(
  ledger: Ledger,
  update: CertificateRetry,
  at: RecordTerms & { readonly domainBaseMs: number },
): Promise<Acceptance> {
  const { network, domain } = update;
  const domainAt = { now: at.now, baseMs: at.domainBaseMs };
  const { superseded, open } = await updateItem(ledger, domainKey(network, domain), (item) =>
    applyRetryToDomain(item, update, domainAt),
  );
  if (superseded !== undefined) return superseded;
  const acceptance = await updateItem(ledger, certificateKey(network, domain), (item) =>
    applyRetry(item, update, at),
  );
  return { ...acceptance, open };
}
