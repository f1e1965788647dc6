import { heldByOther, taken } from '../ledger/items/lease.ts';
import type { SweepItem } from '../ledger/items/shared-items.ts';
import type { ItemUpdate } from '../ledger/updates/update.ts';

export function takeSweep(owner: string, now: number, leaseUntil: number) {
  return (item: SweepItem | undefined): ItemUpdate<SweepItem, boolean> => {
    if (item !== undefined && heldByOther(item, owner, now)) return { result: false };
    return { write: taken(owner, leaseUntil), result: true };
  };
}

export function endSweep(owner: string) {
  return (item: SweepItem | undefined): ItemUpdate<SweepItem, undefined> =>
    item?.owner === owner
      ? { write: { owner: null, leaseUntil: 0 }, result: undefined }
      : { result: undefined };
}
