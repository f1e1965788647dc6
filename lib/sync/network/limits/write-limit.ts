import type { WaitReason } from '../../ledger/errors.ts';
import { freshNetwork, type NetworkItem } from '../../ledger/items/network-item.ts';
import type { Attempt } from '../../ledger/items/work-item.ts';
import type { Access } from '../../ledger/runcloud-ports.ts';
import { MINUTE_MS } from '../../ledger/time.ts';
import type { ItemUpdate } from '../../ledger/updates/update.ts';

/** Writes are counted by the minute, so the minute an hour ago may still hold one of this hour. */
const WINDOW_MINUTES = 61;

/**
 * How many writes of one kind may begin within any hour, so that an operator sees a runaway sender before it has emptied or
 * filled the web application.
 */
export interface WriteLimit {
  readonly counted: 'removals' | 'additions';
  /** 0: no limit. */
  readonly perHour: number;
  /** Of a domain that waits for room. */
  readonly reason: WaitReason;
}

type Limits = Pick<Access, 'removalsPerHour' | 'additionsPerHour'>;

/** The limit of a write; undefined: its kind has none. */
export function limitOf(op: Attempt['op'], access: Limits): WriteLimit | undefined {
  switch (op) {
    case 'add':
      return { counted: 'additions', perHour: access.additionsPerHour, reason: 'additions-limited' };
    case 'remove':
      return { counted: 'removals', perHour: access.removalsPerHour, reason: 'removals-limited' };
    case 'update':
      return undefined;
  }
}

function recentWrites(item: NetworkItem, { counted }: WriteLimit, now: number): NetworkItem['removals'] {
  const minute = Math.floor(now / MINUTE_MS);
  return item[counted].filter((bucket) => bucket.minute > minute - WINDOW_MINUTES);
}

/** When there is room for a write again; null: there is now. Nothing is counted. */
export function writeAllowedAt(item: NetworkItem | undefined, limit: WriteLimit, now: number): number | null {
  if (item === undefined || limit.perHour === 0) return null;
  const recent = recentWrites(item, limit, now);
  const begun = recent.reduce((sum, { count }) => sum + count, 0);
  const oldest = recent[0];
  if (begun < limit.perHour || oldest === undefined) return null;
  return (oldest.minute + WINDOW_MINUTES) * MINUTE_MS;
}

/** Counts a write that begins now. The result is when there is room for it; null: it may begin and is counted. */
export function reserveWrite(network: string, limit: WriteLimit, now: number) {
  return (stored: NetworkItem | undefined): ItemUpdate<NetworkItem, number | null> => {
    if (limit.perHour === 0) return { result: null };
    const item = stored ?? freshNetwork(network);
    const freeAt = writeAllowedAt(item, limit, now);
    if (freeAt !== null) return { result: freeAt };
    const minute = Math.floor(now / MINUTE_MS);
    const recent = recentWrites(item, limit, now);
    const last = recent.at(-1);
    const writes =
      last?.minute === minute
        ? [...recent.slice(0, -1), { minute, count: last.count + 1 }]
        : [...recent, { minute, count: 1 }];
    return { write: { ...item, [limit.counted]: writes }, result: null };
  };
}
