import { countedWait } from './backoff.ts';
import type { DomainItem } from './domain-item.ts';
import { CLOCKS_AGREE_MS, MINUTE_MS } from './time.ts';
import type { ItemUpdate } from './update.ts';
import type { Attempt, Schedule } from './work-item.ts';

/** After a lease has run out unanswered, the sweep sends somebody else. */
export const AFTER_LEASE_MS = MINUTE_MS;

export type Lease<T> =
  /** Nothing open, not due, or somebody is at it: the owner or the sweep goes on. */
  | { readonly kind: 'none' }
  /** Nothing to look at, but something is still to be sent. */
  | { readonly kind: 'owed'; readonly item: T }
  | { readonly kind: 'taken'; readonly item: T };

export interface LeaseTerms {
  readonly owner: string;
  readonly now: number;
  readonly leaseMs: number;
  readonly ambiguityMs: number;
}

function laterOf(a: number | null, b: number): number {
  return a === null ? b : Math.max(a, b);
}

/** Until when the recorded write may still land. */
export function ambiguityOf(
  item: Pick<Schedule, 'ambiguousUntil'>,
  attempt: Attempt,
  ambiguityMs: number,
): number {
  return laterOf(item.ambiguousUntil, attempt.startedAt + ambiguityMs);
}

/**
 * The rule of one worker at a time. A lease taken over from somebody who never came back counts a crash, and what
 * that worker may have written stays under watch.
 */
export function takeLease<T extends Schedule>(
  item: T | undefined,
  terms: LeaseTerms,
): ItemUpdate<T, Lease<T>> {
  const { owner, now } = terms;
  if (item === undefined) return { result: { kind: 'none' } };
  const held = item.owner !== null && item.leaseUntil !== null && item.leaseUntil > now;
  // An update repeated by the SDK after a lost answer finds its own lease.
  if (held && item.owner === owner) return { result: { kind: 'taken', item } };
  if (held) return { result: { kind: 'none' } };
  if (item.dueAt === null) {
    if (item.toSend.length > 0) return { result: { kind: 'owed', item } };
    if (item.sendAt === null) return { result: { kind: 'none' } };
    return { write: { ...item, sendAt: null }, result: { kind: 'none' } };
  }
  if (item.dueAt > now + CLOCKS_AGREE_MS) return { result: { kind: 'none' } };
  const leaseUntil = now + terms.leaseMs;
  const write: T = {
    ...item,
    ...countedWait(item, now),
    owner,
    leaseUntil,
    sendAt: leaseUntil + AFTER_LEASE_MS,
    crashes: item.owner === null ? item.crashes : item.crashes + 1,
    ambiguousUntil:
      item.attempt === null ? item.ambiguousUntil : ambiguityOf(item, item.attempt, terms.ambiguityMs),
    attempt: null,
  };
  return { write, result: { kind: 'taken', item: write } };
}

/** Writes down that a write is about to begin; false if the lease is another worker's by now. */
export function recordAttempt(
  item: DomainItem | undefined,
  owner: string,
  attempt: Attempt,
): ItemUpdate<DomainItem, boolean> {
  if (item === undefined || item.owner !== owner) return { result: false };
  return { write: { ...item, attempt, wroteAt: attempt.startedAt }, result: true };
}

/**
 * The lease of a worker that ends without an outcome, given back so that the next look need not wait for its end.
 * `crashed`: it met what it does not understand; otherwise a the ledger, a queue or Secrets Manager was out of reach.
 */
export function releaseLease<T extends Schedule>(
  item: T | undefined,
  owner: string,
  at: { readonly crashed: boolean; readonly sendAt: number; readonly ambiguityMs: number },
): ItemUpdate<T, undefined> {
  if (item === undefined || item.owner !== owner) return { result: undefined };
  const write: T = {
    ...item,
    owner: null,
    leaseUntil: null,
    sendAt: at.sendAt,
    crashes: at.crashed ? item.crashes + 1 : item.crashes,
    ambiguousUntil:
      item.attempt === null ? item.ambiguousUntil : ambiguityOf(item, item.attempt, at.ambiguityMs),
    attempt: null,
  };
  return { write, result: undefined };
}
