import { CHANGE_MS, SEND_NEEDS_MS } from '../../ledger/budgets.ts';
import type { DomainDelays } from '../../ledger/delays.ts';
import { LeaseLost, NotBefore, NothingCameOfIt } from '../../ledger/errors.ts';
import type { DomainItem } from '../../ledger/items/domain-item.ts';
import type { Attempt } from '../../ledger/items/work-item.ts';
import type { Clock } from '../../ledger/ports.ts';
import type { Followed } from '../../ledger/updates/followed.ts';
import { recordAttempt } from '../../ledger/work/work-lease.ts';
import { CALL_NEEDS_MS } from '../../network/limits/rate-limit.ts';
import { reserveWrite, type WriteLimit, writeAllowedAt } from '../../network/limits/write-limit.ts';
import { assertTimeLeft } from '../../network/time-left.ts';

/** A pass under its lease. `deadlineAt`: when the function that runs it is stopped. */
export interface Task {
  readonly item: DomainItem;
  /** How often the domain has come back in a row. */
  readonly returns: number;
  readonly owner: string;
  readonly beganAt: number;
  readonly deadlineAt: number;
  /** The domain, which this pass writes alone as long as it holds the lease. */
  readonly held: Followed<'domain'>;
  /** The last write that it has begun. */
  readonly writes: { last: Attempt | null };
}

interface WriteServices {
  readonly clock: Clock;
}

const WRITE_NEEDS_MS = CALL_NEEDS_MS + CHANGE_MS;

/** The latest moment at which this pass may send a call, with its record before it. */
export function lastSendAt({ deadlineAt }: Pick<Task, 'deadlineAt'>): number {
  return deadlineAt - SEND_NEEDS_MS - CHANGE_MS;
}

/**
 * A pass at the end of its time makes no second write after an unanswered one: that would have to be watched in its turn, and
 * so on without end.
 */
function assertMayTry({ item }: Pick<Task, 'item'>, { givingUpMs }: DomainDelays): void {
  if (item.ambiguousUntil === null || item.waitedMs < givingUpMs) return;
  throw new NothingCameOfIt('RunCloud did not answer when it was asked for this, and has not done it since');
}

function assertRoom(freeAt: number | null, { reason }: WriteLimit): void {
  if (freeAt !== null) throw new NotBefore(freeAt, reason);
}

/** Checks time and the limit of its kind before a write begins to wait for its slot. */
export function assertMayBegin(
  task: Omit<Task, 'held'>,
  limit: WriteLimit | undefined,
  s: WriteServices & { readonly network: Pick<Followed<'network'>, 'last'>; readonly delays: DomainDelays },
): void {
  const now = s.clock.now();
  assertMayTry(task, s.delays);
  assertTimeLeft(task, now, WRITE_NEEDS_MS);
  // As it was read under the lease. What others have written since is seen when the write is counted.
  if (limit !== undefined) assertRoom(writeAllowedAt(s.network.last(), limit, now), limit);
}

/** Counts a write by its limit. After all waits: one that is counted and not sent would block another for an hour. */
export async function countWrite(
  { item }: Pick<Task, 'item'>,
  limit: WriteLimit | undefined,
  { network, clock }: WriteServices & { readonly network: Followed<'network'> },
): Promise<void> {
  if (limit === undefined) return;
  assertRoom(await network.update(reserveWrite(item.network, limit, clock.now())), limit);
}

/** A call begins within this time of its record, or not at all: the record says when the write may land. */
const RECORDED_BEFORE_MS = 5_000;

/**
 * Records the attempt to write. After all waits: recorded before them, it would look older than it is, and a listing read
 * meanwhile would pass for newer. An addition without a read may have been recorded with the lease, a moment ago.
 */
export async function recordWrite(op: Attempt['op'], task: Task, s: WriteServices): Promise<void> {
  const startedAt = s.clock.now();
  assertTimeLeft(task, startedAt, SEND_NEEDS_MS);
  const { held, writes } = task;
  const withLease = writes.last === null ? (held.last()?.attempt ?? null) : null;
  if (withLease?.op === op && startedAt - withLease.startedAt <= RECORDED_BEFORE_MS) {
    writes.last = withLease;
    return;
  }
  const recorded = await held.update((item) => recordAttempt(item, task.owner, { op, startedAt }));
  if (!recorded) throw new LeaseLost();
  writes.last = { op, startedAt };
  const now = s.clock.now();
  if (now - startedAt > RECORDED_BEFORE_MS) throw new NotBefore(now);
}
