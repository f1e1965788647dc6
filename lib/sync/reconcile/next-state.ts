import type { ErrorCode, RelayError } from '../../errors.ts';
import { backingOff, nextDelay } from '../ledger/backoff.ts';
import { owedDeadLetter } from '../ledger/dead-letters.ts';
import type { DomainDelays } from '../ledger/delays.ts';
import type { DomainItem, HostingState } from '../ledger/domain-item.ts';
import { withEntry } from '../ledger/history.ts';
import type { App, Random } from '../ledger/ports.ts';
import { toLastError, withState } from '../ledger/status.ts';
import { REMEMBERED_MS, toTtl } from '../ledger/time.ts';
import { freshCounts } from '../ledger/work-item.ts';
import type { Observations } from './converge.ts';
import type { TargetState } from './plan.ts';

/** How a look ended, once the network's own troubles have been told apart. */
export type ReconcileResult =
  | { readonly kind: 'settled'; readonly target: TargetState }
  | { readonly kind: 'failed'; readonly error: RelayError }
  /** The network rests; this domain waits with it and counts nothing. */
  | { readonly kind: 'paused'; readonly until: number; readonly code: ErrorCode; readonly message: string }
  /** Not before `until`: a place, the removal limit, or the function's time. Counts nothing. */
  | { readonly kind: 'held'; readonly until: number; readonly reason: 'removals-limited' | null };

export interface SettleInput {
  readonly owner: string;
  /** The revision the look began with. */
  readonly revision: number;
  readonly beganAt: number;
  readonly result: ReconcileResult;
  readonly observations: Observations;
  /** The write on record has had no answer. */
  readonly unanswered: boolean;
  /** The application the look was about. */
  readonly app: App | undefined;
  readonly now: number;
  readonly delays: DomainDelays;
  readonly random: Random;
}

export type Patch = Partial<DomainItem>;

function stateOf(
  item: DomainItem,
  now: number,
  state: HostingState,
  reason: string | null,
  detail = reason ?? '',
): Patch {
  return { ...withState(item, state, reason, now), history: withEntry(item.history, now, state, detail) };
}

function settledPatch(
  item: DomainItem,
  target: TargetState,
  { now, beganAt }: SettleInput,
  ambiguousUntil: number | null,
): Patch {
  const reason = target.state === 'present' ? target.reason : null;
  const seen = stateOf(item, now, target.state, reason);
  // What was read before that moment may have changed since, even if the moment has passed by now.
  const open = ambiguousUntil !== null && ambiguousUntil > beganAt;
  if (open) return { ...seen, dueAt: ambiguousUntil, sendAt: ambiguousUntil };
  return {
    ...seen,
    ...freshCounts,
    dueAt: null,
    sendAt: item.toSend.length > 0 ? now : null,
    ambiguousUntil: null,
    lastError: null,
    // Longer than an update may be old, so that none revives it.
    expiresAt: target.state === 'absent' ? toTtl(now + REMEMBERED_MS) : null,
  };
}

function failedPatch(item: DomainItem, error: RelayError, now: number): Patch {
  return {
    ...stateOf(item, now, 'failed', error.code),
    lastError: toLastError(error, now),
    dueAt: null,
    sendAt: now,
    toSend: [...item.toSend, owedDeadLetter('domain', item, error, now)],
  };
}

/** The state of work that goes on: what was last seen, or else that it is on its way. */
function openState(item: DomainItem, { row }: Observations): HostingState {
  if (item.wanted === 'absent') return item.state === 'absent' && !row ? 'absent' : 'removing';
  return item.state === 'present' && row !== null ? 'present' : 'pending';
}

function openPatch(
  item: DomainItem,
  { now, observations }: SettleInput,
  what: string,
  detail: string,
): Patch {
  const state = openState(item, observations);
  return {
    ...stateOf(item, now, state, state === 'present' ? item.reason : null),
    history: withEntry(item.history, now, what, detail),
  };
}

/** Gives up, but not while a write may still land: what failed is not looked at again, so nobody would see it. */
function givenUpPatch(
  item: DomainItem,
  error: RelayError,
  input: SettleInput,
  ambiguousUntil: number | null,
): Patch {
  const open = ambiguousUntil !== null && ambiguousUntil > input.beganAt;
  if (!open) return failedPatch(item, error, input.now);
  return {
    ...openPatch(item, input, 'waiting', error.code),
    dueAt: ambiguousUntil,
    sendAt: ambiguousUntil,
    firstFailureAt: item.firstFailureAt ?? input.now,
    lastError: toLastError(error, input.now),
  };
}

function laterPatch(
  item: DomainItem,
  error: RelayError,
  input: SettleInput,
  ambiguousUntil: number | null,
): Patch {
  const { now, delays, random } = input;
  const chosen = error.failure === 'never' ? undefined : nextDelay(error, item, delays, random);
  if (chosen === undefined) return givenUpPatch(item, error, input, ambiguousUntil);
  return {
    ...openPatch(item, input, 'waiting', error.code),
    ...backingOff(item, chosen, now),
    firstFailureAt: item.firstFailureAt ?? now,
    lastError: toLastError(error, now),
  };
}

function heldPatch(item: DomainItem, result: ReconcileResult & { kind: 'held' }, input: SettleInput): Patch {
  const open = openPatch(item, input, 'held', result.reason ?? '');
  const schedule = { dueAt: result.until, sendAt: result.until };
  if (result.reason !== null) return { ...open, ...schedule, reason: result.reason };
  return { ...open, ...schedule, history: item.history };
}

/** What the end of a look makes of state, counts and schedule. Pure. */
export function nextState(item: DomainItem, input: SettleInput, ambiguousUntil: number | null): Patch {
  const { result, now } = input;
  switch (result.kind) {
    case 'settled':
      return settledPatch(item, result.target, input, ambiguousUntil);
    case 'failed':
      return laterPatch(item, result.error, input, ambiguousUntil);
    case 'paused':
      return {
        ...stateOf(item, now, 'paused', result.code),
        lastError: toLastError(result, now),
        dueAt: result.until,
        sendAt: result.until,
      };
    case 'held':
      return heldPatch(item, result, input);
  }
}
