import { CHANGE_MS, SEND_NEEDS_MS } from '../ledger/budgets.ts';
import type { DomainDelays } from '../ledger/delays.ts';
import type { DomainItem } from '../ledger/domain-item.ts';
import { LeaseLost, NotBefore, NothingCameOfIt } from '../ledger/errors.ts';
import { domainKey, networkKey } from '../ledger/keys.ts';
import type { CallGuard, Clock, Ledger } from '../ledger/ports.ts';
import { updateItem } from '../ledger/update.ts';
import type { Attempt } from '../ledger/work-item.ts';
import { recordAttempt } from '../ledger/work-lease.ts';
import { CALL_NEEDS_MS } from '../network/rate-limit.ts';
import { removalAllowedAt, reserveRemoval } from '../network/removal-limit.ts';
import { hasTimeLeft } from '../network/time-left.ts';

/** A look under its lease. `deadlineAt`: when the function that runs it is stopped. */
export interface Task {
  readonly item: DomainItem;
  readonly owner: string;
  readonly beganAt: number;
  readonly deadlineAt: number;
}

const WRITE_NEEDS_MS = CALL_NEEDS_MS + CHANGE_MS;

/** The latest moment at which a call of this look may be sent, with its record before it. */
export function lastSendAt({ deadlineAt }: Pick<Task, 'deadlineAt'>): number {
  return deadlineAt - SEND_NEEDS_MS - CHANGE_MS;
}

function assertTimeLeft(task: Task, now: number, neededMs: number): void {
  if (!hasTimeLeft(task, now, neededMs)) throw new NotBefore(now);
}

/** The gate, closed when the call might outlast the function: a look that is cut off would count as a crash. */
export function timelyGuard(task: Task, clock: Clock, guard: CallGuard): CallGuard {
  return {
    before: async () => {
      assertTimeLeft(task, clock.now(), CALL_NEEDS_MS);
      await guard.before();
    },
    after: guard.after,
  };
}

interface GuardServices {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly delays: DomainDelays;
}

/**
 * A look that would give up only reads once a write has gone unanswered: one more would have to be watched in its turn,
 * and so on for ever.
 */
function assertMayTry({ item }: Task, { givingUpMs }: DomainDelays): void {
  if (item.ambiguousUntil === null || item.waitedMs < givingUpMs) return;
  throw new NothingCameOfIt('RunCloud did not answer when it was asked for this, and has not done it since');
}

function assertRoomFor(freeAt: number | null): void {
  if (freeAt !== null) throw new NotBefore(freeAt, 'removals-limited');
}

/**
 * The gate of DELETEs. The removal limit's place is taken last of all: one that was taken before a wait, and then not used, would
 * hold back another removal for an hour.
 */
export function removalLimited(
  { item }: Task,
  removalsPerHour: number,
  guard: CallGuard,
  { ledger, clock }: GuardServices,
): CallGuard {
  return {
    before: async () => {
      await guard.before();
      const rule = reserveRemoval(item.network, removalsPerHour, clock.now());
      assertRoomFor((await updateItem(ledger, networkKey(item.network), rule)).freeAt);
    },
    after: guard.after,
  };
}

/** A call begins so soon after its record, or not at all: what was recorded tells when the write may land. */
const RECORDED_BEFORE_MS = 5_000;

/**
 * The gate of a write, which puts the attempt on record once nothing is left to wait for. Recorded before the wait for a slot, it
 * would look older than it is, and what has been read meanwhile would pass for newer.
 */
export function recordedGate(task: Task, op: Attempt['op'], guard: CallGuard, s: GuardServices): CallGuard {
  return {
    before: async () => {
      await guard.before();
      const { network, domain } = task.item;
      const startedAt = s.clock.now();
      assertTimeLeft(task, startedAt, SEND_NEEDS_MS);
      const recorded = await updateItem(s.ledger, domainKey(network, domain), (item) =>
        recordAttempt(item, task.owner, { op, startedAt }),
      );
      if (!recorded) throw new LeaseLost();
      const now = s.clock.now();
      if (now - startedAt > RECORDED_BEFORE_MS) throw new NotBefore(now);
    },
    after: guard.after,
  };
}

/** Asks time and removal limit before a write begins to wait for its slot. */
export function writeGuard(task: Task, removalsPerHour: number, s: GuardServices) {
  return async (op: Attempt['op']): Promise<void> => {
    const { network } = task.item;
    const now = s.clock.now();
    assertMayTry(task, s.delays);
    assertTimeLeft(task, now, WRITE_NEEDS_MS);
    if (op === 'remove') {
      const stored = (await s.ledger.read(networkKey(network)))?.item;
      assertRoomFor(stored === undefined ? null : removalAllowedAt(stored, removalsPerHour, now));
    }
  };
}
