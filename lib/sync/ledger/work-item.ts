import type { ErrorCode } from '../../errors.ts';
import { type Lease, released } from './lease.ts';

/** A write whose answer is awaited. Set before the call, cleared by the outcome. */
export interface Attempt {
  readonly op: 'add' | 'remove' | 'update';
  readonly startedAt: number;
}

/** What is owed to the outside once a try has failed. Written with the failure, cleared after the sending. */
export interface OwedDeadLetter {
  readonly kind: 'dead-letter';
  readonly id: string;
  readonly revision: number;
  readonly code: ErrorCode;
  readonly reason: string;
  readonly firstFailureAt: number;
  readonly lastFailureAt: number;
}

/** A wait that was chosen after a failure, and which of the counts it goes into. */
export interface Backoff {
  readonly since: number;
  readonly until: number;
  readonly counter: 'waitedMs' | 'refusedMs';
}

/** When to look next, and who is looking. Instants are milliseconds since the epoch. Settled work has no dueAt. */
export interface Schedule extends Lease {
  /** Raised by every write that makes work due. */
  readonly revision: number;
  /** Not before. Null: nothing to do. */
  readonly dueAt: number | null;
  /** When the sweep sends a message. */
  readonly sendAt: number | null;
  /** Waits chosen so far for failures, and how much of them has passed, by the two ways of giving up. */
  readonly attempts: number;
  readonly waitedMs: number;
  readonly refusedMs: number;
  /** The last of these waits, until the next look counts what has passed of it. */
  readonly backoff: Backoff | null;
  readonly firstFailureAt: number | null;
  readonly attempt: Attempt | null;
  /** A write without an answer may still land until then. No word and no lease clears it. */
  readonly ambiguousUntil: number | null;
  /** Looks in a row that ended without an outcome. */
  readonly crashes: number;
  readonly toSend: readonly OwedDeadLetter[];
}

/** The schedule of something never looked at. */
export const emptySchedule: Schedule = {
  revision: 0,
  dueAt: null,
  sendAt: null,
  attempts: 0,
  waitedMs: 0,
  refusedMs: 0,
  backoff: null,
  firstFailureAt: null,
  ...released,
  attempt: null,
  ambiguousUntil: null,
  crashes: 0,
  toSend: [],
};

/** Fields that begin anew with a new word, a command or a settled look. */
export const freshCounts = {
  attempts: 0,
  waitedMs: 0,
  refusedMs: 0,
  backoff: null,
  firstFailureAt: null,
  crashes: 0,
} as const;

type Due = Pick<Schedule, 'revision' | 'dueAt' | 'sendAt'>;

/**
 * Work due from `dueAt` on, with a message of the sweep at `sendAt`. Raises the revision, so that a look which began
 * before cannot end the schedule.
 */
export function makeDue(item: Pick<Schedule, 'revision'>, dueAt: number, sendAt: number): Due {
  return {
    revision: item.revision + 1,
    dueAt,
    sendAt,
  };
}

/**
 * The same for work that may be due or under a lease already: it is due no later than before. A look under way may have
 * seen the world of before, so it must not end this. The message that the lease has set for after its end stays.
 */
export function makeDueBy(item: Pick<Schedule, 'revision' | 'dueAt' | 'sendAt' | 'owner'>, at: number): Due {
  const dueAt = Math.min(item.dueAt ?? at, at);
  return makeDue(item, dueAt, item.owner === null ? dueAt : (item.sendAt ?? dueAt));
}
