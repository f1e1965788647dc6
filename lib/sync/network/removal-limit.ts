import type { NetworkItem } from '../ledger/network-item.ts';
import { freshNetwork } from '../ledger/network-item.ts';
import { MINUTE_MS } from '../ledger/time.ts';
import type { ItemUpdate } from '../ledger/update.ts';

/** DELETEs are counted by the minute, so the minute an hour ago may still hold one of this hour. */
const WINDOW_MINUTES = 61;

/** `freeAt` null: the removal may begin and is counted. */
export interface RemovalSlot {
  readonly freeAt: number | null;
}

function recentRemovals(item: NetworkItem, now: number): NetworkItem['removals'] {
  const minute = Math.floor(now / MINUTE_MS);
  return item.removals.filter((bucket) => bucket.minute > minute - WINDOW_MINUTES);
}

/** When there is room for a removal again; null: there is now. Nothing is counted. */
export function removalAllowedAt(item: NetworkItem, perHour: number, now: number): number | null {
  const recent = recentRemovals(item, now);
  const begun = recent.reduce((sum, { count }) => sum + count, 0);
  const oldest = recent[0];
  if (perHour === 0 || begun < perHour || oldest === undefined) return null;
  return (oldest.minute + WINDOW_MINUTES) * MINUTE_MS;
}

/**
 * At most `perHour` DELETEs begin within any hour, so an operator sees a runaway sender before the network is empty.
 * Counted by the minute; 0 turns the limit off.
 */
export function reserveRemoval(network: string, perHour: number, now: number) {
  return (stored: NetworkItem | undefined): ItemUpdate<NetworkItem, RemovalSlot> => {
    if (perHour === 0) return { result: { freeAt: null } };
    const item = stored ?? freshNetwork(network);
    const freeAt = removalAllowedAt(item, perHour, now);
    if (freeAt !== null) return { result: { freeAt } };
    const minute = Math.floor(now / MINUTE_MS);
    const recent = recentRemovals(item, now);
    const last = recent.at(-1);
    const removals =
      last?.minute === minute
        ? [...recent.slice(0, -1), { minute, count: last.count + 1 }]
        : [...recent, { minute, count: 1 }];
    return { write: { ...item, removals }, result: { freeAt: null } };
  };
}
