import { WWW } from '../domains/www.ts';
import { MOST_CRASHES } from '../errors.ts';
import type { DomainItem } from '../items/domain-item.ts';
import { AFTER_LEASE_MS, heldByOther, isHeld, released, taken } from '../items/lease.ts';
import type { Attempt, WorkItem } from '../items/work-item.ts';
import { CLOCKS_AGREE_MS } from '../time.ts';
import type { ItemUpdate } from '../updates/update.ts';
import { countedWait } from './backoff.ts';

/** What a worker gets that asks for an item's work. */
export type LeaseResult<T> =
  /** Nothing open, not due, or held by another worker: that worker or the sweep goes on. */
  | { readonly kind: 'none' }
  /** No pass is due, but a dead letter is still to be sent. */
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

/** The time until which the recorded write may still land. */
export function ambiguityOf(
  item: Pick<WorkItem, 'ambiguousUntil'>,
  attempt: Attempt,
  ambiguityMs: number,
): number {
  return laterOf(item.ambiguousUntil, attempt.startedAt + ambiguityMs);
}

/**
 * One worker at a time. A lease taken over from a worker that never released it counts a crash, and a write that worker
 * may have sent stays ambiguous.
 */
export function takeLease<T extends WorkItem>(
  item: T | undefined,
  terms: LeaseTerms,
): ItemUpdate<T, LeaseResult<T>> {
  const { owner, now } = terms;
  if (item === undefined) return { result: { kind: 'none' } };
  if (heldByOther(item, owner, now)) return { result: { kind: 'none' } };
  // A write repeated by the SDK after a lost answer finds its own lease.
  if (isHeld(item, now)) return { result: { kind: 'taken', item } };
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
    ...taken(owner, leaseUntil),
    // An earlier message of the sweep is refused by the lease, and moved to its end. Left as it is, it costs no write of the index.
    sendAt: Math.min(item.sendAt ?? Number.POSITIVE_INFINITY, leaseUntil + AFTER_LEASE_MS),
    crashes: item.owner === null ? item.crashes : item.crashes + 1,
    ambiguousUntil:
      item.attempt === null ? item.ambiguousUntil : ambiguityOf(item, item.attempt, terms.ambiguityMs),
    attempt: null,
  };
  return { write, result: { kind: 'taken', item: write } };
}

/**
 * The same lease for a domain whose pass probably begins with an addition: its attempt is recorded with the lease. A pass that
 * sends nothing takes it back.
 */
export function takeLeaseToAdd(
  item: DomainItem | undefined,
  terms: LeaseTerms,
): ItemUpdate<DomainItem, LeaseResult<DomainItem>> {
  const lease = takeLease(item, terms);
  const { write } = lease;
  if (lease.result.kind !== 'taken' || write === undefined || !isAddedUnread(write)) return lease;
  return { ...lease, write: { ...write, attempt: { op: 'add', startedAt: terms.now } } };
}

/** RunCloud was not asked about it yet, and nothing that the ledger knows of it calls for a read. */
function isAddedUnread(item: DomainItem): boolean {
  const { wanted, answered, native, domain, parking, ambiguousUntil, crashes } = item;
  if (wanted === 'absent' || answered || native || domain.startsWith(WWW)) return false;
  return parking === null && ambiguousUntil === null && crashes < MOST_CRASHES;
}

/** Records that a write is about to begin; false if another worker has taken the lease. */
export function recordAttempt(
  item: DomainItem | undefined,
  owner: string,
  attempt: Attempt,
): ItemUpdate<DomainItem, boolean> {
  if (item === undefined || item.owner !== owner) return { result: false };
  return { write: { ...item, attempt, wroteAt: attempt.startedAt }, result: true };
}

/**
 * Releases the lease of a pass that ends without an outcome, so that the next one need not wait for the lease's end.
 * `crashed`: an unexpected error ended it; otherwise the ledger, a queue or Secrets Manager was out of reach.
 */
export function releaseLease<T extends WorkItem>(
  item: T | undefined,
  owner: string,
  at: {
    readonly crashed: boolean;
    readonly sendAt: number;
    readonly ambiguityMs: number;
    /** False: the recorded attempt was not begun. */
    readonly begun?: boolean;
  },
): ItemUpdate<T, undefined> {
  if (item === undefined || item.owner !== owner) return { result: undefined };
  const write: T = {
    ...item,
    ...released,
    sendAt: at.sendAt,
    crashes: at.crashed ? item.crashes + 1 : item.crashes,
    ambiguousUntil:
      item.attempt === null || at.begun === false
        ? item.ambiguousUntil
        : ambiguityOf(item, item.attempt, at.ambiguityMs),
    attempt: null,
  };
  return { write, result: undefined };
}
