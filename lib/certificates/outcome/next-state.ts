import type { CertificateItem } from '../../sync/ledger/items/certificate-item.ts';
import { toLastError } from '../../sync/ledger/items/status.ts';
import { freshCounts } from '../../sync/ledger/items/work-item.ts';
import { REMEMBERED_MS, toTtl } from '../../sync/ledger/time.ts';
import { aroundMs, backingOff, grownMs } from '../../sync/ledger/work/backoff.ts';
import { neverChecked } from '../../sync/ledger/work/certificate-request.ts';
import { dailyMs, dnsDelayMs, silentMs, untilExpiringMs, verifyDelayMs } from './backoff.ts';
import { failedPatch, failingPatch, interruptedPatch, limitedPatch } from './failure-state.ts';
import { countedAnew } from './new-try.ts';
import type { CertificateResult } from './result.ts';
import { type CertificatePatch, due, type ResultContext, shownPatch, statePatch } from './state.ts';

const HOSTING_FIX = 'Fix the hosting first: RunCloud does not serve this domain';

const SILENT_FIX =
  'Open port 443 of the server for the relay, in its firewall and in the network of the functions: without a handshake nothing new is learnt of this certificate';

/** The certificate last seen, if it should still be in force. */
function lastSeen({ notBefore, notAfter }: CertificateItem, now: number) {
  if (notBefore === null || notAfter === null || Date.parse(notAfter) <= now) return undefined;
  return { notBefore: Date.parse(notBefore), notAfter: Date.parse(notAfter) };
}

/** There was no handshake. Silence proves nothing, so what was known before stays true. */
function unverified(
  item: CertificateItem,
  context: ResultContext,
  { why, ordered = false }: CertificateResult & { kind: 'unverified' },
): CertificatePatch {
  const { now, delays, random } = context;
  const lastError = toLastError({ code: 'runcloud-timeout', message: why }, now);
  const seen = item.state === 'valid' ? lastSeen(item, now) : undefined;
  if (seen !== undefined) {
    const shown = { ...seen, via: item.via };
    return {
      ...statePatch(item, { ...context, shown }, 'valid', null, SILENT_FIX),
      lastError,
      attempts: item.attempts + 1,
      ...due(now + silentMs(item.attempts, delays, random)),
    };
  }
  const { orderedAt } = item;
  const waitMs =
    orderedAt === null
      ? grownMs(item.attempts, delays, random)
      : verifyDelayMs(item, now - orderedAt, delays, random);
  const later = { lastError, attempts: item.attempts + 1, ...due(now + waitMs) };
  const nothingOrdered =
    orderedAt === null && !ordered && (item.state === 'pending' || item.state === 'failed');
  if (nothingOrdered) return later;
  return { ...statePatch(item, context, 'requested', 'unverified', SILENT_FIX), ...later };
}

function settledValid(
  item: CertificateItem,
  context: ResultContext,
  { shown, fix }: CertificateResult & { kind: 'valid' },
): CertificatePatch {
  const { now, delays, random } = context;
  const expiringMs = untilExpiringMs(shown, now);
  const soonerMs = expiringMs >= 0 ? Math.max(expiringMs, delays.firstMs) : Number.POSITIVE_INFINITY;
  // One that is about to end is a proxy's, which renews it.
  const checkedMs = Math.min(dailyMs(delays, random), soonerMs);
  return {
    ...freshCounts,
    ...statePatch(item, context, 'valid', null, fix ?? null),
    lastError: null,
    readySince: null,
    orderedAt: null,
    orderSaid: null,
    ...due(now + checkedMs),
  };
}

function waitingDns(
  item: CertificateItem,
  context: ResultContext,
  { reason, fix }: CertificateResult & { kind: 'waiting-dns' },
): CertificatePatch {
  const { now, delays, random } = context;
  const state = { ...statePatch(item, context, 'waiting-dns', reason, fix), readySince: null };
  // Visitors are served, so there is time.
  if (context.shown !== null) return { ...state, ...due(now + aroundMs(delays.lastMs, random)) };
  // The counts start anew when the waiting begins: earlier failures say nothing about the customer's DNS.
  const counted = item.state === 'waiting-dns' ? item : { ...item, ...freshCounts };
  const waitMs = dnsDelayMs(counted, delays, random);
  return {
    ...state,
    ...freshCounts,
    waitedMs: counted.waitedMs,
    ...backingOff(counted, { waitMs, counter: 'waitedMs' }, now),
  };
}

/** RunCloud's words about the order that is awaited: the new one's, or those kept while it is the same. */
function saidOf(item: CertificateItem, { orderedAt, said }: CertificateResult & { kind: 'requested' }) {
  if (said !== undefined) return said;
  return item.orderedAt === orderedAt ? item.orderSaid : null;
}

/** Keeps what the CA still counts, and the versions of updates that must not be applied twice. */
function closed(item: CertificateItem, context: ResultContext): CertificatePatch {
  return {
    ...freshCounts,
    ...statePatch(item, context, 'none', null),
    wanted: false,
    dnsReadyAt: null,
    ...neverChecked,
    lastError: null,
    dueAt: null,
    sendAt: item.toSend.length > 0 ? context.now : null,
    // Kept as long as its domain, with the orders that the CA still counts.
    expiresAt: toTtl(context.now + REMEMBERED_MS),
  };
}

/** State, counts and schedule after a result. Pure. */
function patchOf(item: CertificateItem, context: ResultContext): CertificatePatch {
  const { result, now, delays, random } = context;
  switch (result.kind) {
    case 'closed':
      return closed(item, context);
    case 'left':
      return { readySince: null, ...due(result.until) };
    case 'hosting-failed':
      return {
        // Once it is served, its certificate has its full time.
        ...freshCounts,
        ...statePatch(item, context, 'failed', null, HOSTING_FIX),
        lastError: result.error,
        ...due(now + dailyMs(delays, random)),
      };
    case 'valid':
      return settledValid(item, context, result);
    case 'waiting-dns':
      return waitingDns(item, context, result);
    case 'unverified':
      return unverified(item, context, result);
    case 'requested':
      return {
        ...statePatch(item, context, 'requested', null),
        readySince: item.readySince ?? now,
        orderedAt: result.orderedAt,
        orderSaid: saidOf(item, result),
        ...due(now + verifyDelayMs(item, now - result.orderedAt, delays, random)),
      };
    case 'waiting':
      if (result.reason === 'order-budget') return limitedPatch(item, context, result);
      return {
        ...statePatch(item, context, 'pending', result.reason, result.fix),
        // RunCloud's time starts when the request waits for RunCloud alone.
        readySince: result.reason === 'autossl' && item.reason !== 'autossl' ? now : (item.readySince ?? now),
        ...due(result.until),
      };
    case 'later':
      return {
        ...statePatch(item, context, 'pending', null),
        attempts: item.attempts + 1,
        ...due(now + grownMs(item.attempts, delays, random)),
      };
    case 'troubled':
      return interruptedPatch(item, context, result);
    case 'failing':
      return failingPatch(item, context, result);
    case 'failed':
      return failedPatch(item, context, result);
    case 'held':
      return due(result.until);
    case 'paused':
      return { lastError: toLastError(result, now), ...due(result.until) };
  }
}

export function nextState(item: CertificateItem, context: ResultContext): CertificatePatch {
  const from = countedAnew(item, context.result);
  const { revision, attempts, waitedMs, refusedMs, firstFailureAt, crashes } = from;
  return {
    revision,
    attempts,
    waitedMs,
    refusedMs,
    firstFailureAt,
    crashes,
    ...shownPatch(context),
    ...patchOf(from, context),
  };
}
