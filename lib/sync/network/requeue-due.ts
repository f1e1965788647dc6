import type { NetworkItem } from '../ledger/items/network-item.ts';

/** Starts to requeue all domains of the network, from the first one. */
export function requeueDue(
  item: NetworkItem,
  reason: 'resumed' | 'moved',
  now: number,
): Pick<NetworkItem, 'requeue' | 'requeueSkipped' | 'revision' | 'dueAt' | 'sendAt'> {
  // A move requeues all that a resumption would, and more.
  const isMove = reason === 'moved' || item.requeue?.reason === 'moved';
  return {
    requeue: isMove
      ? // Of several moves the first: its old application may have settled domains that no requeue has come to yet.
        { reason: 'moved', cursor: null, movedAt: item.requeue?.movedAt ?? now }
      : { reason, cursor: null },
    requeueSkipped: [],
    revision: item.revision + 1,
    dueAt: now,
    sendAt: now,
  };
}
