import { released } from '../items/lease.ts';
import type { WorkItem } from '../items/work-item.ts';
import type { ItemUpdate } from '../updates/update.ts';

/** `again`: the work was made due meanwhile, so it needs another pass. `lost`: another worker has the lease, nothing was written. */
export type Settled<T> =
  | { readonly kind: 'done'; readonly item: T }
  | { readonly kind: 'again' }
  | { readonly kind: 'lost' };

export interface PassEnd {
  readonly owner: string;
  /** The revision that the pass began with. */
  readonly revision: number;
  readonly now: number;
}

/**
 * Ends a pass. What it observed is stored as long as its worker holds the lease; `next` decides state, counts and schedule only
 * if nothing made the work due since the pass began. Otherwise its result would end a request that it never saw.
 */
export function settleWork<T extends WorkItem>(
  item: T | undefined,
  pass: PassEnd,
  observed: (item: T) => Partial<T>,
  next: (item: T) => T,
): ItemUpdate<T, Settled<T>> {
  if (item === undefined || item.owner !== pass.owner) return { result: { kind: 'lost' } };
  const known: T = { ...item, ...observed(item), ...released, attempt: null };
  if (item.revision !== pass.revision) {
    // It may be due only later: a removal within its grace period.
    const sendAt = Math.max(pass.now, item.dueAt ?? pass.now);
    return { write: { ...known, sendAt }, result: { kind: 'again' } };
  }
  const write = next(known);
  return { write, result: { kind: 'done', item: write } };
}
