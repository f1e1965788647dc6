import { backingOff } from '../../sync/ledger/backoff.ts';
import { neverChecked } from '../../sync/ledger/certificate-request.ts';
import type { CertificateItem } from '../../sync/ledger/items.ts';
import { freshCounts } from '../../sync/ledger/work-item.ts';
import { aroundMs, dailyMs, dnsWaitMs, grownMs, proofWaitMs, silentMs, untilExpiringMs } from './backoff.ts';
import { failedPatch, failingPatch, interruptedPatch, limitedPatch } from './failure-state.ts';
import type { CertificateEnd } from './result.ts';
import { due, type Ending, errorOf, type Patch, shownPatch, statePatch } from './state.ts';

/** A closed wish is remembered as long as its domain, with the limits the CA goes on counting. */
const REMEMBERED_SECONDS = 32 * 24 * 60 * 60;

const HOSTING_FIX = 'Mend the hosting first: RunCloud does not serve this domain';

const SILENT_FIX =
  'Open port 443 of the server for the relay, in its firewall and in the network of the functions: without a handshake nothing new is learnt of this certificate';

/** The certificate last seen, if it should still be in force. */
const lastSeen = ({ notBefore, notAfter }: CertificateItem, now: number) => {
  if (notBefore === null || notAfter === null || Date.parse(notAfter) <= now) return undefined;
  return { notBefore: Date.parse(notBefore), notAfter: Date.parse(notAfter) };
};

/** No handshake came about, and nothing is learnt from silence: what was known before stays true. */
const unverified = (
  item: CertificateItem,
  ending: Ending,
  { why, ordered = false }: CertificateEnd & { kind: 'unverified' },
): Patch => {
  const { now, waits, random } = ending;
  const lastError = errorOf({ code: 'runcloud-timeout', message: why }, now);
  const seen = item.state === 'valid' ? lastSeen(item, now) : undefined;
  if (seen !== undefined) {
    const shown = { ...seen, via: item.via };
    return {
      ...statePatch(item, { ...ending, shown }, 'valid', null, SILENT_FIX),
      lastError,
      attempts: item.attempts + 1,
      ...due(now + silentMs(item.attempts, waits, random)),
    };
  }
  const { orderedAt } = item;
  const waitMs =
    orderedAt === null
      ? grownMs(item.attempts, waits, random)
      : proofWaitMs(item, now - orderedAt, waits, random);
  const later = { lastError, attempts: item.attempts + 1, ...due(now + waitMs) };
  const nothingOrdered =
    orderedAt === null && !ordered && (item.state === 'pending' || item.state === 'failed');
  if (nothingOrdered) return later;
  return { ...statePatch(item, ending, 'requested', 'unverified', SILENT_FIX), ...later };
};

const settledValid = (
  item: CertificateItem,
  ending: Ending,
  { shown }: CertificateEnd & { kind: 'valid' },
): Patch => {
  const { now, waits, random } = ending;
  const checkedMs = Math.min(dailyMs(waits, random), Math.max(untilExpiringMs(shown, now), waits.firstMs));
  return {
    ...freshCounts,
    ...statePatch(item, ending, 'valid', null),
    lastError: null,
    readySince: null,
    orderedAt: null,
    ...due(now + checkedMs),
  };
};

const waitingDns = (
  item: CertificateItem,
  ending: Ending,
  { reason, fix }: CertificateEnd & { kind: 'waiting-dns' },
): Patch => {
  const { now, waits, random } = ending;
  const state = { ...statePatch(item, ending, 'waiting-dns', reason, fix), readySince: null };
  // Visitors are served: whoever moved the name away has time.
  if (ending.shown !== null) return { ...state, ...due(now + aroundMs(waits.lastMs, random)) };
  // Counts anew when the waiting begins: what failed before says nothing about the customer.
  const counted = item.state === 'waiting-dns' ? item : { ...item, ...freshCounts };
  const waitMs = dnsWaitMs(counted, waits, random);
  return {
    ...state,
    ...freshCounts,
    waitedMs: counted.waitedMs,
    ...backingOff(counted, { waitMs, counter: 'waitedMs' }, now),
  };
};

/** Nothing stays of it but what the CA goes on counting, and the words that must not be heard twice. */
const closed = (item: CertificateItem, ending: Ending): Patch => ({
  ...freshCounts,
  ...statePatch(item, ending, 'none', null),
  wanted: false,
  dnsReadyAt: null,
  ...neverChecked,
  lastError: null,
  dueAt: null,
  sendAt: item.toSend.length > 0 ? ending.now : null,
  expiresAt: Math.ceil(ending.now / 1_000) + REMEMBERED_SECONDS,
});

/** What the end of a look makes of state, counts and schedule. Pure. */
const patchOf = (item: CertificateItem, ending: Ending): Patch => {
  const { end, now, waits, random } = ending;
  switch (end.kind) {
    case 'closed':
      return closed(item, ending);
    case 'left':
      return { readySince: null, ...due(end.until) };
    case 'hosting-failed':
      return {
        ...statePatch(item, ending, 'failed', null, HOSTING_FIX),
        lastError: end.error,
        ...due(now + dailyMs(waits, random)),
      };
    case 'valid':
      return settledValid(item, ending, end);
    case 'waiting-dns':
      return waitingDns(item, ending, end);
    case 'unverified':
      return unverified(item, ending, end);
    case 'requested':
      return {
        ...statePatch(item, ending, 'requested', null),
        readySince: item.readySince ?? now,
        orderedAt: end.orderedAt,
        ...due(now + proofWaitMs(item, now - end.orderedAt, waits, random)),
      };
    case 'waiting':
      if (end.reason === 'order-budget') return limitedPatch(item, ending, end);
      return {
        ...statePatch(item, ending, 'pending', end.reason, end.fix),
        // RunCloud has its time from when it alone was waited for.
        readySince: end.reason === 'autossl' && item.reason !== 'autossl' ? now : (item.readySince ?? now),
        ...due(end.until),
      };
    case 'later':
      return {
        ...statePatch(item, ending, 'pending', null),
        attempts: item.attempts + 1,
        ...due(now + grownMs(item.attempts, waits, random)),
      };
    case 'troubled':
      return interruptedPatch(item, ending, end);
    case 'failing':
      return failingPatch(item, ending, end);
    case 'failed':
      return failedPatch(item, ending, end);
    case 'held':
      return due(end.until);
    case 'paused':
      return { lastError: errorOf(end, now), ...due(end.until) };
  }
};

/** The name passes the gate, and something is to be done or waited for. */
const isReady = ({ kind }: CertificateEnd): boolean =>
  kind === 'requested' ||
  kind === 'waiting' ||
  kind === 'later' ||
  kind === 'failing' ||
  kind === 'unverified';

/**
 * A failure that was told is over once the certificate is there, or the application has room for its name again. What
 * fails from then on is a new try: it has all its time, and a letter of its own.
 */
const isNewTry = (
  { deadLetteredRevision, revision, state, reason }: CertificateItem,
  end: CertificateEnd,
): boolean =>
  deadLetteredRevision === revision &&
  (end.kind === 'valid' || (state === 'failed' && reason === 'name-limit' && isReady(end)));

const begun = (item: CertificateItem, { end }: Ending): CertificateItem => {
  if (isNewTry(item, end)) return { ...item, ...freshCounts, revision: item.revision + 1 };
  // What was waited for a customer's DNS does not count towards giving up what comes after it.
  return item.state === 'waiting-dns' && isReady(end) ? { ...item, ...freshCounts } : item;
};

export const endPatch = (item: CertificateItem, ending: Ending): Patch => {
  const from = begun(item, ending);
  const { revision, attempts, waitedMs, refusedMs, firstFailureAt, crashes } = from;
  return {
    revision,
    attempts,
    waitedMs,
    refusedMs,
    firstFailureAt,
    crashes,
    ...shownPatch(ending),
    ...patchOf(from, ending),
  };
};
