import type { CertificateItem } from '../../sync/ledger/items/certificate-item.ts';
import { type LastError, toLastError } from '../../sync/ledger/items/status.ts';
import { backingOff, grownMs } from '../../sync/ledger/work/backoff.ts';
import { owedDeadLetter } from '../../sync/ledger/work/dead-letters.ts';
import type { CertificateDelays } from '../delays.ts';
import { amended, toOrderError } from '../order-log/application.ts';
import { dailyMs } from './backoff.ts';
import { failureFix } from './failure-fix.ts';
import type { CertificateResult } from './result.ts';
import { type CertificatePatch, due, type ResultContext, statePatch } from './state.ts';

type Failure = Pick<LastError, 'code' | 'message'>;

/** An order that was waited for has failed. */
function withoutOrder({ orders, orderedAt }: CertificateItem, error: Failure): CertificatePatch {
  return {
    orderedAt: null,
    orderSaid: null,
    orders: orderedAt === null ? orders : amended(orders, orderedAt, 'failed', toOrderError(error)),
  };
}

/** One dead letter per attempt; daily checks of a failed certificate send none. */
export function failedPatch(
  item: CertificateItem,
  context: ResultContext,
  failure: { readonly reason: string | null; readonly fix: string | null; readonly error: Failure },
): CertificatePatch {
  const { now, delays, random } = context;
  const { reason, fix, error } = failure;
  const patch = {
    ...statePatch(item, context, 'failed', reason, fix),
    lastError: toLastError(error, now),
    ...withoutOrder(item, error),
    ...due(now + dailyMs(delays, random)),
  };
  if (item.deadLetteredRevision === item.revision) return patch;
  const deadLetter = owedDeadLetter('certificate', item, error, now);
  return { ...patch, sendAt: now, deadLetteredRevision: item.revision, toSend: [...item.toSend, deadLetter] };
}

/** This try has its dead letter already, or has used all its time. */
function isOver(
  { deadLetteredRevision, revision, waitedMs }: CertificateItem,
  { givingUpMs }: CertificateDelays,
): boolean {
  return deadLetteredRevision === revision || waitedMs >= givingUpMs;
}

/** Grows, but not beyond the try's time, unless the other side asks for a longer wait. */
function retryMs(
  { attempts, waitedMs }: CertificateItem,
  { delays, random }: ResultContext,
  askedMs = 0,
): number {
  const leftMs = Math.max(delays.givingUpMs - waitedMs, delays.firstMs);
  return Math.max(Math.min(grownMs(attempts, delays, random), leftMs), Math.min(askedMs, delays.lastMs));
}

export function failingPatch(
  item: CertificateItem,
  context: ResultContext,
  result: CertificateResult & { kind: 'failing' | 'troubled' },
): CertificatePatch {
  const { now, delays } = context;
  const { error } = result;
  const known = (result.kind === 'failing' ? result.fix : undefined) ?? null;
  if (isOver(item, delays)) {
    const fix = failureFix(error.code, known);
    return failedPatch(item, context, { reason: 'order-failed', fix, error });
  }
  const waitMs = retryMs(item, context, error.retryAfterMs);
  // AutoSSL's half hour goes on while the relay cannot ask RunCloud; a refused order ends it.
  const awaited = item.reason === 'autossl' && error.failure !== 'refused' ? item.reason : null;
  return {
    ...statePatch(item, context, 'pending', awaited, known),
    lastError: toLastError(error, now),
    firstFailureAt: item.firstFailureAt ?? now,
    ...withoutOrder(item, error),
    ...backingOff(item, { waitMs, counter: 'waitedMs' }, now),
  };
}

/** Only a request that waits for its first certificate is given up when no answer comes. */
export function interruptedPatch(
  item: CertificateItem,
  context: ResultContext,
  result: CertificateResult & { kind: 'troubled' },
): CertificatePatch {
  if (item.state === 'pending') return failingPatch(item, context, result);
  const { now, delays, random } = context;
  const askedMs = Math.min(result.error.retryAfterMs ?? 0, delays.lastMs);
  const waitMs = Math.max(grownMs(item.attempts, delays, random), askedMs);
  return { lastError: toLastError(result.error, now), attempts: item.attempts + 1, ...due(now + waitMs) };
}

/** The error that explains why orders fail, with the moment at which this request first told it. */
function explained({ lastError }: CertificateItem, failure: Failure | undefined, now: number) {
  if (failure === undefined) return lastError;
  const told = lastError?.code === failure.code && lastError.message === failure.message;
  return told ? lastError : toLastError(failure, now);
}

/**
 * The limits are spent. If failed orders have spent them, the wait counts as one after a failure: otherwise an
 * application whose orders all fail would stay silent for a week at a time. A registered domain's week is spent by its
 * other names. `failure`: what such an order failed for. It explains the wait, and this request's own last error may be
 * older, or a passing one.
 */
export function limitedPatch(
  item: CertificateItem,
  context: ResultContext,
  { until, fix, limit, failedFix, failure }: CertificateResult & { kind: 'waiting' },
): CertificatePatch {
  const { now, delays } = context;
  const readySince = item.readySince ?? now;
  const lastError = item.firstFailureAt === null ? null : explained(item, failure, now);
  if (lastError === null || limit === 'registered-domain' || limit === 'account') {
    // The wait ends by itself, and the failure of before does not.
    const shown = lastError === null ? fix : (failedFix ?? failureFix(lastError.code));
    const pending = { ...statePatch(item, context, 'pending', 'order-budget', shown), readySince };
    return { ...pending, ...(lastError !== null && { lastError }), ...due(until) };
  }
  if (isOver(item, delays)) {
    const reader = failureFix(lastError.code, failedFix);
    return {
      ...failedPatch(item, context, { reason: 'order-failed', fix: reader, error: lastError }),
      readySince,
    };
  }
  const waitMs = Math.min(until - now, Math.max(delays.givingUpMs - item.waitedMs, delays.firstMs));
  return {
    ...statePatch(item, context, 'pending', 'order-budget', failedFix ?? failureFix(lastError.code)),
    readySince,
    lastError,
    ...backingOff(item, { waitMs, counter: 'waitedMs' }, now),
    attempts: item.attempts,
  };
}
