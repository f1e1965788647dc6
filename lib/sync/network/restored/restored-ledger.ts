import {
  freshNetwork,
  isRestoredPause,
  type NetworkItem,
  type Pause,
} from '../../ledger/items/network-item.ts';
import { toInstant } from '../../ledger/time.ts';
import type { ItemUpdate } from '../../ledger/updates/update.ts';
import { withMoment } from '../pause-moments.ts';
import { requeueDue } from '../requeue-due.ts';

const MESSAGE =
  'The ledger was restored from a backup, so it may be older than the multisite: nothing is done until the network is resumed';

/**
 * Pauses a network whose ledger was restored, whatever else pauses it. `tableId`: the restored table, in which an operator may
 * have resumed the network already; null: its items were copied back into the old one. True: it is paused by this.
 */
export function pauseRestored(network: string, tableId: string | null, now: number) {
  return (stored: NetworkItem | undefined): ItemUpdate<NetworkItem, boolean> => {
    const item = stored ?? freshNetwork(network);
    const isResumed = tableId !== null && item.resumedIn === tableId;
    if (isResumed || isRestoredPause(item.pause)) return { result: false };
    const pause: Pause = { code: 'ledger-restored', message: MESSAGE, since: toInstant(now), probeAt: now };
    const write: NetworkItem = {
      ...item,
      pause,
      ...withMoment(item, 'network.paused', pause, now),
      dueAt: Math.min(item.dueAt ?? now, now),
      sendAt: Math.min(item.sendAt ?? now, now),
    };
    return { write, result: true };
  };
}

/**
 * Lets a network go on that a restored ledger pauses, and makes its domains due. `tableId`: the restored table, so that no
 * worker pauses the network in it again; null: the ledger lives in its own table. True: a pause has ended.
 */
export function resumeRestored(network: string, tableId: string | null, now: number) {
  return (stored: NetworkItem | undefined): ItemUpdate<NetworkItem, boolean> => {
    const item = stored ?? freshNetwork(network);
    const { pause } = item;
    const resumedIn = tableId ?? item.resumedIn;
    if (pause === null || !isRestoredPause(pause)) {
      return resumedIn === item.resumedIn
        ? { result: false }
        : { write: { ...item, resumedIn }, result: false };
    }
    const write: NetworkItem = {
      ...item,
      resumedIn,
      pause: null,
      ...withMoment(item, 'network.resumed', pause, now),
      ...requeueDue(item, 'resumed', now),
    };
    return { write, result: true };
  };
}
