import type { ErrorCode } from '../../../errors.ts';
import { type Lease, released } from './lease.ts';

/** A write whose answer is awaited. Set before the call, cleared by the outcome. */
export interface Attempt {
  readonly op: 'add' | 'remove' | 'update';
  readonly startedAt: number;
}

/** Why an outcome was given up: the receiver refused it, or did not take it in for 15 hours. */
export type CallbackErrorCode = 'callback-refused' | 'callback-unavailable';

/** A dead letter that is still to be sent. Written with the failure, removed after it was sent. */
export interface OwedDeadLetter {
  readonly kind: 'dead-letter';
  readonly id: string;
  readonly revision: number;
  readonly code: ErrorCode | CallbackErrorCode;
  readonly reason: string;
  readonly firstFailureAt: number;
  readonly lastFailureAt: number;
}

/** The state that the last outcome told, and the webhook-id of the update that it answered. */
export interface ToldState {
  readonly state: string;
  readonly reason: string | null;
  readonly inReplyTo: string | null;
  /** Since when it was in that state. RFC 3339; null: not noted. */
  readonly since: string | null;
  /** When that happened, and never before what was told before it; null: not noted. */
  readonly at: number | null;
}

/** The outcome of a domain or certificate that is still to be posted. Written with the outcome, removed after it was handed on. */
export interface OwedOutcome {
  readonly kind: 'outcome';
  /** The webhook-id of every copy. */
  readonly id: string;
  readonly about: 'hosting' | 'certificate';
  readonly type: 'domain.settled' | 'domain.failed';
  readonly state: string;
  readonly reason: string | null;
  /** Of a failure: what went wrong, and what its owner can do. */
  readonly message: string | null;
  readonly fix: string | null;
  /** The webhook-id of the event that this is the outcome of. */
  readonly inReplyTo: string | null;
  readonly at: number;
  /** False: only people are told. */
  readonly toMultisite: boolean;
}

export type Owed = OwedDeadLetter | OwedOutcome;

/** A delay chosen after a failure, and the count that it goes into. */
export interface Backoff {
  readonly since: number;
  readonly until: number;
  readonly counter: 'waitedMs' | 'refusedMs';
}

/** Work on one item: when it is due, and which worker has it. Instants are milliseconds since the epoch. Settled work has no dueAt. */
export interface WorkItem extends Lease {
  /** Raised by every write that makes work due. */
  readonly revision: number;
  /** Not before. Null: nothing to do. */
  readonly dueAt: number | null;
  /** When the sweep sends a message. */
  readonly sendAt: number | null;
  /** Delays chosen so far for failures, and how much of them has passed, by the two ways of giving up. */
  readonly attempts: number;
  readonly waitedMs: number;
  readonly refusedMs: number;
  /** The last of these delays, until the next pass counts what has passed of it. */
  readonly backoff: Backoff | null;
  readonly firstFailureAt: number | null;
  readonly attempt: Attempt | null;
  /** A write without an answer may still land until then. No update and no lease clears it. */
  readonly ambiguousUntil: number | null;
  /** Passes in a row that ended without an outcome. */
  readonly crashes: number;
  /** What follows from the last outcome and is not done yet. */
  readonly toSend: readonly Owed[];
}

/** Work that was never due. */
export const emptyWorkItem: WorkItem = {
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

/** Counts that start again with an update, a command or a settled pass. */
export const freshCounts = {
  attempts: 0,
  waitedMs: 0,
  refusedMs: 0,
  backoff: null,
  firstFailureAt: null,
  crashes: 0,
} as const;

type Due = Pick<WorkItem, 'revision' | 'dueAt' | 'sendAt'>;

/**
 * Work due from `dueAt` on, with a message of the sweep at `sendAt`. Raises the revision, so that a pass which began
 * before cannot end the schedule.
 */
export function makeDue(item: Pick<WorkItem, 'revision'>, dueAt: number, sendAt: number): Due {
  return {
    revision: item.revision + 1,
    dueAt,
    sendAt,
  };
}

/**
 * The same for work that may be due or under a lease already: it is due no later than before. A pass under way may have
 * read what has changed since, so it must not settle this. The message that its lease has set for after its end stays.
 */
export function makeDueBy(item: Pick<WorkItem, 'revision' | 'dueAt' | 'sendAt' | 'owner'>, at: number): Due {
  const dueAt = Math.min(item.dueAt ?? at, at);
  return makeDue(item, dueAt, item.owner === null ? dueAt : (item.sendAt ?? dueAt));
}
