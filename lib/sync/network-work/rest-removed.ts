import { freshNetwork, isRestoredPause, type NetworkItem } from '../ledger/items/network-item.ts';
import type { NoticesItem } from '../ledger/items/notices-item.ts';
import { networkKey, noticesKey } from '../ledger/keys.ts';
import type { Ledger } from '../ledger/ports.ts';
import { toInstant } from '../ledger/time.ts';
import { unlessUnreadable } from '../ledger/unreadable.ts';
import { type ItemUpdate, updateItem } from '../ledger/updates/update.ts';
import { secretMissing } from '../network/access.ts';
import { withoutLasting } from '../notices/schedule.ts';

/** As the next pass would find it, and nobody is told: an operator has just said so. Its first pass with a secret ends it. */
function pausedAsRemoved(network: string, now: number) {
  return (stored: NetworkItem | undefined): ItemUpdate<NetworkItem, undefined> => {
    const item = stored ?? freshNetwork(network);
    if (isRestoredPause(item.pause)) return { result: undefined };
    const { code, message } = secretMissing(network);
    const pause = { code, message, since: toInstant(now), probeAt: now };
    return { write: { ...item, pause }, result: undefined };
  };
}

function withoutReminders(now: number) {
  return (item: NoticesItem | undefined): ItemUpdate<NoticesItem, undefined> =>
    item === undefined || item.lasting.length === 0
      ? { result: undefined }
      : { write: withoutLasting(item, now), result: undefined };
}

/** An operator has removed the network: what waits for it rests, and no mail reminds of that every day. */
export async function restRemoved(
  ledger: Pick<Ledger, 'read' | 'write'>,
  network: string,
  now: number,
): Promise<void> {
  await unlessUnreadable(() => updateItem(ledger, networkKey(network), pausedAsRemoved(network, now)));
  await unlessUnreadable(() => updateItem(ledger, noticesKey(network), withoutReminders(now)));
}
