import { AFTER_LEASE_MS, isHeld, type Lease } from '../ledger/items/lease.ts';
import type { WorkItem } from '../ledger/items/work-item.ts';
import { CLOCKS_AGREE_MS } from '../ledger/time.ts';
import type { ItemUpdate } from '../ledger/updates/update.ts';

/** The fields of a work item that a sent message changes or depends on. */
type SendState = Lease & Pick<WorkItem, 'dueAt' | 'sendAt'> & { readonly toSend?: readonly unknown[] };

/** When to send again while the work is leased, because its worker may have been killed. Infinity: no lease is held. */
function afterLease(item: Lease, now: number): number {
  return isHeld(item, now - CLOCKS_AGREE_MS) ? item.leaseUntil + AFTER_LEASE_MS : Number.POSITIVE_INFINITY;
}

/**
 * Moves `sendAt` after a message was sent, if it is still what the sweep read. Otherwise a settled item would get a
 * schedule back, or a newer update would wait for the time of an old message.
 */
export function movedSendAt<T extends SendState>(
  item: T | undefined,
  sent: { readonly sendAt: number; readonly now: number; readonly resendMs: number },
): ItemUpdate<T, undefined> {
  if (item === undefined || item.sendAt !== sent.sendAt) return { result: undefined };
  // An owed dead letter does not wait for the next pass, which may be a day away.
  const owing = item.toSend !== undefined && item.toSend.length > 0;
  const from = owing || item.dueAt === null ? sent.now : Math.max(sent.now, item.dueAt);
  const sendAt = Math.min(from + sent.resendMs, afterLease(item, sent.now));
  return { write: { ...item, sendAt }, result: undefined };
}
