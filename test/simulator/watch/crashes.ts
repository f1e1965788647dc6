import { MOST_CRASHES } from '../../../lib/sync/ledger/errors.ts';
import type { Lease } from '../../../lib/sync/ledger/items/lease.ts';
import type { World } from '../world/world.ts';

/** Notes a lease that is taken over from a worker that has not released it: only that may count as a crash. */
export function noteTakeover(
  { takeovers }: Pick<World, 'takeovers'>,
  item: string,
  before: Pick<Lease, 'owner'> | undefined,
  after: Pick<Lease, 'owner'>,
): void {
  const owner = before?.owner ?? null;
  const isTakenOver = owner !== null && after.owner !== null && after.owner !== owner;
  if (isTakenOver) takeovers.set(item, (takeovers.get(item) ?? 0) + 1);
}

/** Whether so many passes over an item may have crashed in a row that giving it up is right. */
export function mayHaveCrashed({ takeovers }: Pick<World, 'takeovers'>, item: string): boolean {
  return (takeovers.get(item) ?? 0) >= MOST_CRASHES;
}
