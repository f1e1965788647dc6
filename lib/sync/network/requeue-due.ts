import type { NetworkItem } from '../ledger/items/network-item.ts';

/** Starts to requeue all domains of the network, from the first one. */
export function requeueDue(
  item: NetworkItem,
  reason: 'resumed' | 'moved',
  now: number,
): Pick<NetworkItem, 'requeue' | 'requeueSkipped' | 'revision' | 'dueAt' | 'sendAt'> {
  return {
    // A move requeues all that a resumption would, and more.
    requeue: { reason: item.requeue?.reason === 'moved' ? 'moved' : reason, cursor: null },
    requeueSkipped: [],
    revision: item.revision + 1,
    dueAt: now,
    sendAt: now,
  };
}
