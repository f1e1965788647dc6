import type { RelayError } from '../../../errors.ts';
import type { DomainDelays } from '../../ledger/delays.ts';
import type { WaitReason } from '../../ledger/errors.ts';
import type { DomainItem, Place } from '../../ledger/items/domain-item.ts';
import { type HistoryEvent, withEntry } from '../../ledger/items/history.ts';
import { toLastError, withState } from '../../ledger/items/status.ts';
import { type Attempt, freshCounts, makeDue } from '../../ledger/items/work-item.ts';
import type { Random } from '../../ledger/ports.ts';
import type { App } from '../../ledger/runcloud-ports.ts';
import type { HostingState } from '../../ledger/states.ts';
import { REMEMBERED_MS, toTtl } from '../../ledger/time.ts';
import { backingOff, nextDelay } from '../../ledger/work/backoff.ts';
import { owedDeadLetter } from '../../ledger/work/dead-letters.ts';
import type { Readers } from '../../ledger/work/owed-outcome.ts';
import type { PassEnd } from '../../ledger/work/settle.ts';
import type { PausedResult } from '../../network/circuit-breaker.ts';
import type { Observations } from '../converge/observations.ts';
import type { TargetState } from '../plan/plan.ts';

/** How a pass ended, with failures of the whole network told apart. */
export type ReconcileResult =
  | { readonly kind: 'settled'; readonly target: TargetState }
  | { readonly kind: 'failed'; readonly error: RelayError }
  /** The network is paused: this domain waits with it, and nothing is counted. */
  | PausedResult
  /** Not before `until`: for want of a slot, room under a limit or time of the function, or within the grace period. Nothing is counted. */
  | {
      readonly kind: 'held';
      readonly until: number;
      readonly reason: WaitReason | null;
      /** The worker sends the message for it, and the sweep only where that was lost. Left out: the sweep does. */
      readonly byMessage?: boolean;
    };

export interface DomainPassEnd extends PassEnd {
  readonly beganAt: number;
  readonly result: ReconcileResult;
  readonly observations: Observations;
  /** False: the certificate of what was seen could not be asked for. */
  readonly asked: boolean;
  /** The recorded write has had no answer. */
  readonly unanswered: boolean;
  /** Where the domain waits for a slot now. */
  readonly place: Place | null;
  /** The last write that the pass has begun; null: none. */
  readonly writes: { readonly last: Attempt | null };
  /** The application that the pass was about. */
  readonly app: App | undefined;
  readonly delays: DomainDelays;
  readonly random: Random;
  readonly readers: Readers;
}

export type DomainPatch = Partial<DomainItem>;

function stateOf(
  item: DomainItem,
  now: number,
  state: HostingState,
  reason: string | null,
  detail = reason ?? '',
): DomainPatch {
  return { ...withState(item, state, reason, now), history: withEntry(item.history, now, state, detail) };
}

function settledPatch(item: DomainItem, target: TargetState, { now, beganAt }: DomainPassEnd): DomainPatch {
  const { ambiguousUntil } = item;
  const parking = target.state === 'parked' ? item.parking : null;
  const reason = target.state === 'present' ? target.reason : (parking?.reason ?? null);
  const askedAt = target.state === 'parked' ? item.askedAt : null;
  const seen = { ...stateOf(item, now, target.state, reason), parking, askedAt };
  // What was read before that moment may have changed since, even if the moment has passed.
  if (ambiguousUntil !== null && ambiguousUntil > beganAt) {
    return { ...seen, dueAt: ambiguousUntil, sendAt: ambiguousUntil };
  }
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

function failedPatch(item: DomainItem, error: RelayError, now: number): DomainPatch {
  return {
    ...stateOf(item, now, 'failed', error.code),
    lastError: toLastError(error, now),
    dueAt: null,
    sendAt: now,
    toSend: [...item.toSend, owedDeadLetter('domain', item, error, now)],
  };
}

/** A name that is being parked is served until its row is seen to be gone. */
function parkingState({ state }: DomainItem, row: Observations['row']): HostingState {
  if (row !== undefined) return row === null ? 'parked' : 'present';
  return state === 'present' || state === 'parked' ? state : 'pending';
}

/** The state of open work: what was last seen, or that it is on its way. */
function openState(item: DomainItem, { row }: Observations): HostingState {
  if (item.parking !== null) return parkingState(item, row);
  if (item.wanted === 'absent') return item.state === 'absent' && !row ? 'absent' : 'removing';
  return item.state === 'present' && row !== null ? 'present' : 'pending';
}

function openReason({ reason, parking }: DomainItem, state: HostingState): string | null {
  if (state === 'parked') return parking?.reason ?? null;
  return state === 'present' ? reason : null;
}

function openPatch(
  item: DomainItem,
  { now, observations }: DomainPassEnd,
  what: HistoryEvent,
  detail: string,
): DomainPatch {
  const state = openState(item, observations);
  return {
    ...stateOf(item, now, state, openReason(item, state)),
    history: withEntry(item.history, now, what, detail),
  };
}

/** A name that cannot be parked is served on: that is what is wanted of it. */
function withoutParking(item: DomainItem, error: RelayError, now: number): DomainPatch {
  return {
    ...freshCounts,
    parking: null,
    history: withEntry(item.history, now, 'unparked', error.code),
    lastError: toLastError(error, now),
    ...makeDue(item, now, now),
  };
}

/** Gives up, but not while a write may still land: no later pass would see it. */
function givenUpPatch(item: DomainItem, error: RelayError, pass: DomainPassEnd): DomainPatch {
  const { ambiguousUntil } = item;
  if (item.parking !== null && error.code !== 'internal-error') return withoutParking(item, error, pass.now);
  if (ambiguousUntil === null || ambiguousUntil <= pass.beganAt) return failedPatch(item, error, pass.now);
  return {
    ...openPatch(item, pass, 'waiting', error.code),
    dueAt: ambiguousUntil,
    sendAt: ambiguousUntil,
    firstFailureAt: item.firstFailureAt ?? pass.now,
    lastError: toLastError(error, pass.now),
  };
}

function laterPatch(item: DomainItem, error: RelayError, pass: DomainPassEnd): DomainPatch {
  const { now, delays, random } = pass;
  const chosen = error.failure === 'never' ? undefined : nextDelay(error, item, delays, random);
  if (chosen === undefined) return givenUpPatch(item, error, pass);
  return {
    ...openPatch(item, pass, 'waiting', error.code),
    ...backingOff(item, chosen, now),
    firstFailureAt: item.firstFailureAt ?? now,
    lastError: toLastError(error, now),
  };
}

function heldPatch(
  item: DomainItem,
  result: ReconcileResult & { kind: 'held' },
  pass: DomainPassEnd,
): DomainPatch {
  const open = openPatch(item, pass, 'held', result.reason ?? '');
  const sendAt = result.byMessage ? result.until + pass.delays.apiMarginMs : result.until;
  const schedule = { dueAt: result.until, sendAt };
  if (result.reason !== null) return { ...open, ...schedule, reason: result.reason };
  return { ...open, ...schedule, history: item.history };
}

/** What the end of a pass makes of state, counts and schedule. `item` holds what the pass has observed. Pure. */
export function nextState(item: DomainItem, pass: DomainPassEnd): DomainPatch {
  const { result, now } = pass;
  switch (result.kind) {
    case 'settled':
      return settledPatch(item, result.target, pass);
    case 'failed':
      return laterPatch(item, result.error, pass);
    case 'paused':
      return {
        ...stateOf(item, now, 'paused', result.code),
        lastError: toLastError(result, now),
        dueAt: result.until,
        sendAt: result.until,
      };
    case 'held':
      return heldPatch(item, result, pass);
  }
}
