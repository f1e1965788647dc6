import { freshCertificate } from '../ledger/certificate-request.ts';
import { compareVersions, type DomainWord, type RetryWord, type Verdict } from '../ledger/desired-state.ts';
import { withEntry } from '../ledger/history.ts';
import { type CertificateItem, certificateKey, type DomainItem, domainKey } from '../ledger/items.ts';
import type { Ledger } from '../ledger/ports.ts';
import { toInstant } from '../ledger/time.ts';
import { type ItemUpdate, updateItem } from '../ledger/update.ts';
import { emptySchedule, freshCounts, makeDue } from '../ledger/work-item.ts';

export interface HeardAt {
  readonly now: number;
  /** First wait of the item's kind; the door's margin is four of them. */
  readonly baseMs: number;
}

const DOOR_MARGIN = 4;

const isOpen = (item: { readonly dueAt: number | null }): boolean => item.dueAt !== null;

/** The rule of the last word: a newer word replaces the wish and makes it due, any other changes nothing. */
export const hearWord = (
  item: DomainItem | undefined,
  word: DomainWord,
  { now, baseMs }: HeardAt,
): ItemUpdate<DomainItem, Verdict> => {
  const order = item === undefined ? 1 : compareVersions(word.version, item.version);
  if (item !== undefined && order <= 0) {
    const status = order === 0 ? 'duplicate' : 'superseded';
    return { result: { status, latest: item.version.timestamp, open: isOpen(item) } };
  }
  const state = word.wanted === 'absent' ? 'removing' : item?.state === 'present' ? 'present' : 'pending';
  const write: DomainItem = {
    ...emptySchedule,
    runcloudId: null,
    wwwServed: null,
    wroteAt: null,
    lastError: null,
    // What a lease, a lost answer and an owed letter say stays true whatever is wanted now.
    ...item,
    ...freshCounts,
    network: word.network,
    domain: word.domain,
    wanted: word.wanted,
    version: word.version,
    www: word.www,
    native: word.native,
    siteId: word.siteId ?? item?.siteId ?? null,
    domainId: word.domainId ?? item?.domainId ?? null,
    answered: false,
    state,
    reason: null,
    since: state === item?.state ? item.since : new Date(now).toISOString(),
    history: withEntry(
      item?.history ?? [],
      now,
      'accepted',
      word.wanted === 'present' ? 'domain.added' : 'domain.removed',
    ),
    expiresAt: null,
    ...makeDue(item ?? emptySchedule, now, now + DOOR_MARGIN * baseMs),
  };
  return { write, result: { status: 'accepted', latest: word.version.timestamp, open: true } };
};

/** Writes what the multisite says about a domain, if it is newer than what it said before. */
export const hearDomain = (ledger: Ledger, word: DomainWord, at: HeardAt): Promise<Verdict> =>
  updateItem(ledger, domainKey(word.network, word.domain), (item) => hearWord(item, word, at));

/** The latest proof that the name reaches the multisite; words that tell of something else do not disprove it. */
const dnsReadyAtAfter = (known: CertificateItem | undefined, word: RetryWord, now: number): number | null => {
  const before = known?.dnsReadyAt ?? null;
  if (word.reason !== 'dns_ready') return before;
  return Math.max(before ?? 0, Math.min(now, Date.parse(word.version.timestamp)));
};

/**
 * A proof stays one behind a newer word: DNS may be declared right and the certificate missed in one run, and the two words
 * may arrive in either order (docs/external-systems.md, "Ultimate Multisite").
 */
const noteProof = (item: CertificateItem, word: RetryWord, now: number): CertificateItem | undefined => {
  const dnsReadyAt = dnsReadyAtAfter(item, word, now);
  return !item.wanted || dnsReadyAt === item.dnsReadyAt ? undefined : { ...item, dnsReadyAt };
};

const hearRetryWord = (
  item: CertificateItem | undefined,
  word: RetryWord,
  { now, baseMs }: HeardAt,
): ItemUpdate<CertificateItem, Pick<Verdict, 'status' | 'latest'>> => {
  const last = item?.version ?? null;
  const order = last === null ? 1 : compareVersions(word.version, last);
  if (item !== undefined && last !== null && order <= 0) {
    if (order === 0) return { result: { status: 'duplicate', latest: last.timestamp } };
    const noted = noteProof(item, word, now);
    return { ...(noted && { write: noted }), result: { status: 'superseded', latest: last.timestamp } };
  }
  const known = item ?? freshCertificate(word.network, word.domain, now);
  // What had failed is tried once more, and may fail once more, with a letter of its own.
  const state = known.state === 'none' || known.state === 'failed' ? 'pending' : known.state;
  const write: CertificateItem = {
    ...known,
    ...freshCounts,
    wanted: true,
    version: word.version,
    dnsReadyAt: dnsReadyAtAfter(item, word, now),
    state,
    ...(state === known.state ? {} : { reason: null, fix: null, readySince: null, since: toInstant(now) }),
    history: withEntry(known.history, now, 'accepted', `domain.ssl_retry ${word.reason}`),
    expiresAt: null,
    ...makeDue(known, now, now + DOOR_MARGIN * baseMs),
  };
  return { write, result: { status: 'accepted', latest: word.version.timestamp } };
};

/** A retry as a word about its domain: news only where nobody has spoken of it. */
const hearRetryOfDomain = (
  known: DomainItem | undefined,
  word: RetryWord,
  at: HeardAt,
): ItemUpdate<DomainItem, { readonly superseded: Verdict | undefined; readonly open: boolean }> => {
  if (known === undefined) {
    const { write } = hearWord(known, { ...word, wanted: 'present' }, at);
    return { ...(write && { write }), result: { superseded: undefined, open: true } };
  }
  const open = isOpen(known);
  if (known.wanted === 'present') return { result: { superseded: undefined, open } };
  const superseded: Verdict = { status: 'superseded', latest: known.version.timestamp, open };
  return { result: { superseded, open } };
};

/**
 * Writes a wish for a certificate now. It never changes what is wanted: a domain that is to be absent supersedes
 * it, and one that nobody announced counts as added too. `open` tells whether the domain's own work is open.
 */
export const hearRetry = async (
  ledger: Ledger,
  word: RetryWord,
  at: HeardAt & { readonly domainBaseMs: number },
): Promise<Verdict> => {
  const { network, domain } = word;
  const domainAt = { now: at.now, baseMs: at.domainBaseMs };
  const { superseded, open } = await updateItem(ledger, domainKey(network, domain), (item) =>
    hearRetryOfDomain(item, word, domainAt),
  );
  if (superseded !== undefined) return superseded;
  const verdict = await updateItem(ledger, certificateKey(network, domain), (item) =>
    hearRetryWord(item, word, at),
  );
  return { ...verdict, open };
};
