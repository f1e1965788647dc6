import type { Schedule } from './items.ts';

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
  owner: null,
  leaseUntil: null,
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
