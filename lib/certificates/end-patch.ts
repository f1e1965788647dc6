import { withEntry } from '../sync/history.ts';
import { toInstant } from '../sync/instant.ts';
import type { CertificateItem, CertificateState, LastError } from '../sync/items.ts';
import type { Random } from '../sync/ports.ts';
import { freshCounts } from '../sync/schedule.ts';
import { amended } from './app-lease.ts';
import type { CertificateEnd, Shown } from './end.ts';
import { dailyMs, dnsWaitMs, grownMs, isExpiring, proofWaitMs } from './next-looks.ts';
import type { CertificateWaits } from './waits.ts';

export interface Ending {
  readonly end: CertificateEnd;
  /** A certificate that the look has seen to be served, whatever else it found. */
  readonly shown: Shown | null;
  readonly now: number;
  readonly waits: CertificateWaits;
  readonly random: Random;
}

export type Patch = Partial<CertificateItem>;

/** A closed wish is remembered as long as its domain, with the limits the CA goes on counting. */
const REMEMBERED_SECONDS = 32 * 24 * 60 * 60;

const due = (dueAt: number): Patch => ({ dueAt, sendAt: dueAt });

/** While a good certificate is still served, nothing else is the truth about it. */
const stateOf = (
  item: CertificateItem,
  { shown, now }: Ending,
  state: CertificateState,
  reason: string | null,
  fix: string | null = null,
): Patch => {
  const served = shown !== null && state !== 'failed' && state !== 'none';
  const next = served ? 'valid' : state;
  const why = served ? (isExpiring(shown, now) ? 'expiring' : null) : reason;
  const changed = next !== item.state || why !== item.reason;
  return {
    state: next,
    reason: why,
    fix,
    since: next === item.state ? item.since : toInstant(now),
    history: changed ? withEntry(item.history, now, next, why ?? '') : item.history,
  };
};

const shownPatch = ({ shown }: Ending): Patch =>
  shown === null
    ? {}
    : {
        notBefore: toInstant(shown.notBefore),
        notAfter: toInstant(shown.notAfter),
        via: shown.via,
      };

const errorOf = (error: Pick<LastError, 'code' | 'message'>, now: number): LastError => ({
  code: error.code,
  message: error.message,
  at: toInstant(now),
});

/** An order that was waited for has failed. */
const withoutOrder = ({ orders, orderedAt }: CertificateItem): Patch => ({
  orderedAt: null,
  orders: orderedAt === null ? orders : amended(orders, orderedAt, 'failed'),
});

/** One letter for each try: what failed is looked at daily, and told again only once somebody made it a new try. */
const failedPatch = (
  item: CertificateItem,
  ending: Ending,
  failure: {
    readonly reason: string | null;
    readonly fix: string;
    readonly error: Pick<LastError, 'code' | 'message'>;
  },
): Patch => {
  const { now, waits, random } = ending;
  const { reason, fix, error } = failure;
  const dueAt = now + dailyMs(waits, random);
  const patch = {
    ...stateOf(item, ending, 'failed', reason, fix),
    lastError: errorOf(error, now),
    ...withoutOrder(item),
    ...due(dueAt),
  };
  if (item.lettered === item.revision) return patch;
  const letter = {
    kind: 'letter' as const,
    id: `${item.network}/${item.domain}/certificate/${item.revision}/letter`,
    revision: item.revision,
    code: error.code,
    reason: error.message,
    firstFailureAt: item.firstFailureAt ?? now,
    lastFailureAt: now,
  };
  return { ...patch, sendAt: now, lettered: item.revision, toSend: [...item.toSend, letter] };
};

const GIVEN_UP_FIX =
  'Look at the certificate in RunCloud’s panel and mend what it shows; the relay looks again daily, and at once after an ssl_retry';

const failingPatch = (
  item: CertificateItem,
  ending: Ending,
  error: (CertificateEnd & { kind: 'failing' })['error'],
): Patch => {
  const { now, waits, random } = ending;
  const over = item.state === 'failed' || item.waitedMs >= waits.givingUpMs;
  if (over) return failedPatch(item, ending, { reason: 'order-failed', fix: GIVEN_UP_FIX, error });
  const waitMs = Math.max(grownMs(item.attempts, waits, random), error.retryAfterMs ?? 0);
  return {
    ...stateOf(item, ending, 'pending', null),
    lastError: errorOf(error, now),
    attempts: item.attempts + 1,
    waitedMs: item.waitedMs + waitMs,
    firstFailureAt: item.firstFailureAt ?? now,
    ...withoutOrder(item),
    ...due(now + waitMs),
  };
};

/** Only what waits for its first certificate is ever given up for want of an answer. */
const troubledPatch = (
  item: CertificateItem,
  ending: Ending,
  error: (CertificateEnd & { kind: 'troubled' })['error'],
): Patch => {
  if (item.state === 'pending') return failingPatch(item, ending, error);
  const { now, waits, random } = ending;
  const waitMs = Math.max(grownMs(item.attempts, waits, random), error.retryAfterMs ?? 0);
  return { lastError: errorOf(error, now), attempts: item.attempts + 1, ...due(now + waitMs) };
};

const unverifiedPatch = (item: CertificateItem, ending: Ending, why: string): Patch => {
  const { now, waits, random } = ending;
  const lastError = { code: 'runcloud-timeout' as const, message: why, at: toInstant(now) };
  const expiresAt = item.notAfter === null ? 0 : Date.parse(item.notAfter);
  if (item.state === 'valid' && expiresAt > now) {
    const soonMs = Math.min(waits.heldMs, dailyMs(waits, random));
    return { lastError, ...due(now + soonMs) };
  }
  const waitMs = proofWaitMs(item, now - (item.orderedAt ?? now), waits, random);
  return {
    ...stateOf(item, ending, 'requested', 'unverified'),
    lastError,
    attempts: item.attempts + 1,
    ...due(now + waitMs),
  };
};

const settledValid = (item: CertificateItem, ending: Ending): Patch => {
  const { now, waits, random } = ending;
  return {
    ...freshCounts,
    ...stateOf(item, ending, 'valid', null),
    lastError: null,
    readySince: null,
    orderedAt: null,
    ...due(now + dailyMs(waits, random)),
  };
};

/** What was waited for a customer's DNS does not count towards giving up what comes after it. */
const countedSinceDns = (item: CertificateItem): CertificateItem =>
  item.state === 'waiting-dns' ? { ...item, ...freshCounts } : item;

const waitingDns = (
  item: CertificateItem,
  ending: Ending,
  { reason, fix }: CertificateEnd & { kind: 'waiting-dns' },
): Patch => {
  const { now, waits, random } = ending;
  // Counts anew when the waiting begins: what failed before says nothing about the customer.
  const counted = item.state === 'waiting-dns' ? item : { ...item, ...freshCounts };
  const waitMs = dnsWaitMs(counted, waits, random);
  return {
    ...stateOf(item, ending, 'waiting-dns', reason, fix),
    attempts: counted.attempts + 1,
    waitedMs: counted.waitedMs + waitMs,
    readySince: null,
    ...due(now + waitMs),
  };
};

const closed = (item: CertificateItem, ending: Ending): Patch => ({
  ...freshCounts,
  ...stateOf(item, ending, 'none', null),
  wanted: false,
  retryReason: null,
  readySince: null,
  orderedAt: null,
  lastError: null,
  dueAt: null,
  sendAt: item.toSend.length > 0 ? ending.now : null,
  expiresAt: Math.ceil(ending.now / 1_000) + REMEMBERED_SECONDS,
});

const requested = (item: CertificateItem, ending: Ending, orderedAt: number): Patch => {
  const { now, waits, random } = ending;
  return {
    ...stateOf(item, ending, 'requested', null),
    readySince: item.readySince ?? now,
    orderedAt,
    ...due(now + proofWaitMs(item, now - orderedAt, waits, random)),
  };
};

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
        ...stateOf(
          item,
          ending,
          'failed',
          null,
          'Mend the hosting first: RunCloud does not serve this domain',
        ),
        lastError: end.error,
        ...due(now + dailyMs(waits, random)),
      };
    case 'valid':
      return settledValid(item, ending);
    case 'waiting-dns':
      return waitingDns(item, ending, end);
    case 'unverified':
      return unverifiedPatch(item, ending, end.why);
    case 'requested':
      return requested(item, ending, end.orderedAt);
    case 'waiting':
      return {
        ...stateOf(item, ending, 'pending', end.reason, end.fix),
        readySince: item.readySince ?? now,
        ...due(end.until),
      };
    case 'later':
      return {
        ...stateOf(item, ending, 'pending', null),
        attempts: item.attempts + 1,
        ...due(now + grownMs(item.attempts, waits, random)),
      };
    case 'troubled':
      return troubledPatch(item, ending, end.error);
    case 'failing':
      return failingPatch(item, ending, end.error);
    case 'failed':
      return failedPatch(item, ending, end);
    case 'held':
      return due(end.until);
    case 'paused':
      return { lastError: errorOf(end, now), ...due(end.until) };
  }
};

/** A look that found the name ready leaves the waiting for its DNS, and what was counted there, behind. */
const isReady = ({ end: { kind } }: Ending): boolean =>
  kind === 'requested' ||
  kind === 'waiting' ||
  kind === 'later' ||
  kind === 'failing' ||
  kind === 'unverified';

export const endPatch = (item: CertificateItem, ending: Ending): Patch => {
  const counted = isReady(ending) ? countedSinceDns(item) : item;
  const { attempts, waitedMs, refusedMs, firstFailureAt, crashes } = counted;
  return {
    attempts,
    waitedMs,
    refusedMs,
    firstFailureAt,
    crashes,
    ...shownPatch(ending),
    ...patchOf(counted, ending),
  };
};
