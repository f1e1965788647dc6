import { heldByOther, taken } from '../ledger/items/lease.ts';
import type { SweepItem } from '../ledger/items/shared-items.ts';
import type { ItemUpdate } from '../ledger/updates/update.ts';

export function takeSweep(owner: string, now: number, leaseUntil: number) {
  return (item: SweepItem | undefined): ItemUpdate<SweepItem, SweepItem | undefined> => {
    if (item !== undefined && heldByOther(item, owner, now)) return { result: undefined };
    const write = { ...taken(owner, leaseUntil), nextNetwork: item?.nextNetwork ?? null };
    return { write, result: write };
  };
}

export function endSweep(owner: string, nextNetwork: string | null) {
  return (item: SweepItem | undefined): ItemUpdate<SweepItem, undefined> =>
    item?.owner === owner
      ? { write: { owner: null, leaseUntil: 0, nextNetwork }, result: undefined }
      : { result: undefined };
}
