import type { ErrorCode, RelayError } from '../errors.ts';
import type { Change } from './change.ts';
import type { Facts } from './converge.ts';
import { withEntry } from './history.ts';
import { toInstant } from './instant.ts';
import type { DomainItem, HostingState, LastError, OwedLetter, RuncloudId } from './items.ts';
import { ambiguityOf } from './lease.ts';
import { nextWait } from './next-wait.ts';
import type { Ending } from './plan.ts';
import type { Random } from './ports.ts';
import { freshCounts } from './schedule.ts';
import type { DomainWaits } from './waits.ts';

/** How a look ended, once the network's own troubles have been told apart. */
export type LookEnd =
  | { readonly kind: 'settled'; readonly ending: Ending }
  | { readonly kind: 'failed'; readonly error: RelayError }
  /** The network rests; this domain waits with it and counts nothing. */
  | { readonly kind: 'paused'; readonly until: number; readonly code: ErrorCode; readonly message: string }
  /** Not before `until`: a place, the brake, or the function's time. Counts nothing. */
  | { readonly kind: 'held'; readonly until: number; readonly reason: 'removals-limited' | null };

export interface Settling {
  readonly owner: string;
  /** The revision the look began with. */
  readonly revision: number;
  readonly beganAt: number;
  readonly end: LookEnd;
  readonly facts: Facts;
  /** The write on record has had no answer. */
  readonly unanswered: boolean;
  /** The application the look was about. */
  readonly app: { readonly serverId: string; readonly appId: string } | undefined;
  readonly now: number;
  readonly waits: DomainWaits;
  readonly random: Random;
}

/** `again`: work was made due meanwhile, so look once more. `lost`: the lease is another's, nothing was written. */
export type Settled =
  | { readonly kind: 'done'; readonly item: DomainItem }
  | { readonly kind: 'again' }
  | { readonly kind: 'lost' };

/** An absent domain is remembered longer than any word about it may be old (30 days), so none revives it. */
const REMEMBERED_SECONDS = 32 * 24 * 60 * 60;

type Patch = Partial<DomainItem>;

const runcloudIdOf = (item: DomainItem, { facts, app }: Settling): RuncloudId | null => {
  if (facts.row === undefined || app === undefined) return item.runcloudId;
  return facts.row === null ? null : { id: facts.row.id, ...app };
};

/** What was seen and answered: true whatever is wanted by now. */
const factsPatch = (item: DomainItem, settling: Settling): Patch => ({
  owner: null,
  leaseUntil: null,
  attempt: null,
  ambiguousUntil:
    settling.unanswered && item.attempt !== null
      ? ambiguityOf(item, item.attempt, settling.waits.ambiguityMs)
      : item.ambiguousUntil,
  runcloudId: runcloudIdOf(item, settling),
  wwwServed: settling.facts.row === undefined ? item.wwwServed : (settling.facts.row?.www ?? null),
});

const stateOf = (
  item: DomainItem,
  now: number,
  state: HostingState,
  reason: string | null,
  detail = reason ?? '',
): Patch => ({
  state,
  reason,
  since: state === item.state ? item.since : toInstant(now),
  history: withEntry(item.history, now, state, detail),
});

const errorOf = (code: ErrorCode, message: string, now: number): LastError => ({
  code,
  message,
  at: toInstant(now),
});

const settledPatch = (
  item: DomainItem,
  ending: Ending,
  { now, beganAt }: Settling,
  ambiguousUntil: number | null,
): Patch => {
  const reason = ending.state === 'present' ? ending.reason : null;
  const seen = stateOf(item, now, ending.state, reason);
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
    expiresAt: ending.state === 'absent' ? Math.ceil(now / 1_000) + REMEMBERED_SECONDS : null,
  };
};

/** Two tries of one domain never share a letter, two copies of one try always do. */
const letterId = (item: DomainItem): string => `${item.network}/${item.domain}/${item.revision}/letter`;

const failedPatch = (item: DomainItem, error: RelayError, now: number): Patch => {
  const letter: OwedLetter = {
    kind: 'letter',
    id: letterId(item),
    revision: item.revision,
    code: error.code,
    reason: error.message,
    firstFailureAt: item.firstFailureAt ?? now,
    lastFailureAt: now,
  };
  return {
    ...stateOf(item, now, 'failed', error.code),
    lastError: errorOf(error.code, error.message, now),
    dueAt: null,
    sendAt: now,
    toSend: [...item.toSend, letter],
  };
};

/** The state of work that goes on: what was last seen, or else that it is on its way. */
const openState = (item: DomainItem, { row }: Facts): HostingState => {
  if (item.wanted === 'absent') return item.state === 'absent' && !row ? 'absent' : 'removing';
  return item.state === 'present' && row !== null ? 'present' : 'pending';
};

const openPatch = (item: DomainItem, { now, facts }: Settling, what: string, detail: string): Patch => {
  const state = openState(item, facts);
  return {
    ...stateOf(item, now, state, state === 'present' ? item.reason : null),
    history: withEntry(item.history, now, what, detail),
  };
};

/** Gives up, but not while a write may still land: what failed is not looked at again, so nobody would see it. */
const givenUpPatch = (
  item: DomainItem,
  error: RelayError,
  settling: Settling,
  ambiguousUntil: number | null,
): Patch => {
  const open = ambiguousUntil !== null && ambiguousUntil > settling.beganAt;
  if (!open) return failedPatch(item, error, settling.now);
  return {
    ...openPatch(item, settling, 'waiting', error.code),
    dueAt: ambiguousUntil,
    sendAt: ambiguousUntil,
    firstFailureAt: item.firstFailureAt ?? settling.now,
    lastError: errorOf(error.code, error.message, settling.now),
  };
};

const laterPatch = (
  item: DomainItem,
  error: RelayError,
  settling: Settling,
  ambiguousUntil: number | null,
): Patch => {
  const { now, waits, random } = settling;
  const chosen = error.failure === 'never' ? undefined : nextWait(error, item, waits, random);
  if (chosen === undefined) return givenUpPatch(item, error, settling, ambiguousUntil);
  const dueAt = now + chosen.waitMs;
  return {
    ...openPatch(item, settling, 'waiting', error.code),
    ...chosen.counts,
    dueAt,
    sendAt: dueAt,
    firstFailureAt: item.firstFailureAt ?? now,
    lastError: errorOf(error.code, error.message, now),
  };
};

const heldPatch = (item: DomainItem, end: LookEnd & { kind: 'held' }, settling: Settling): Patch => {
  const open = openPatch(item, settling, 'held', end.reason ?? '');
  const schedule = { dueAt: end.until, sendAt: end.until };
  if (end.reason !== null) return { ...open, ...schedule, reason: end.reason };
  return { ...open, ...schedule, history: item.history };
};

const endPatch = (item: DomainItem, settling: Settling, ambiguousUntil: number | null): Patch => {
  const { end, now } = settling;
  switch (end.kind) {
    case 'settled':
      return settledPatch(item, end.ending, settling, ambiguousUntil);
    case 'failed':
      return laterPatch(item, end.error, settling, ambiguousUntil);
    case 'paused':
      return {
        ...stateOf(item, now, 'paused', end.code),
        lastError: errorOf(end.code, end.message, now),
        dueAt: end.until,
        sendAt: end.until,
      };
    case 'held':
      return heldPatch(item, end, settling);
  }
};

/**
 * The rule of a look's end: facts are stored by whoever still holds the lease; state, counts and schedule only if
 * nothing made the work due since the look began, else its answer would end a wish it never saw.
 */
export const settle = (item: DomainItem | undefined, settling: Settling): Change<DomainItem, Settled> => {
  if (item === undefined || item.owner !== settling.owner) return { result: { kind: 'lost' } };
  const facts = factsPatch(item, settling);
  if (item.revision !== settling.revision) {
    return { write: { ...item, ...facts, sendAt: settling.now }, result: { kind: 'again' } };
  }
  const { answered } = settling.facts;
  const write: DomainItem = {
    ...item,
    ...facts,
    answered: item.answered || answered,
    crashes: answered ? 0 : item.crashes,
    ...endPatch(item, settling, facts.ambiguousUntil ?? null),
  };
  return { write, result: { kind: 'done', item: write } };
};
