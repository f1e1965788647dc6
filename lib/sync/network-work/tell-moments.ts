import type { NetworkItem } from '../ledger/items/network-item.ts';
import type { PauseMoment } from '../ledger/items/outcome-item.ts';
import { networkKey } from '../ledger/keys.ts';
import { type ItemUpdate, updateItem } from '../ledger/updates/update.ts';
import { type TellServices, tellPause } from '../outcomes/tell.ts';

function withoutMoments(told: readonly PauseMoment[]) {
  return (item: NetworkItem | undefined): ItemUpdate<NetworkItem, undefined> => {
    if (item === undefined) return { result: undefined };
    const isTold = ({ at, type }: PauseMoment) => told.some((it) => it.at === at && it.type === type);
    const write = { ...item, toSend: item.toSend.filter((moment) => !isTold(moment)) };
    // The schedule of other work stays; the pass that follows reads it.
    return { write, result: undefined };
  };
}

/** Posts pauses of the network, each on its own. One that cannot be told stays. */
export async function tellMoments(
  network: string,
  moments: readonly PauseMoment[],
  s: TellServices,
): Promise<void> {
  const told: PauseMoment[] = [];
  const faults: unknown[] = [];
  for (const moment of moments) {
    try {
      await tellPause(network, moment, s);
      told.push(moment);
    } catch (error) {
      faults.push(error);
    }
  }
  if (told.length > 0) await updateItem(s.ledger, networkKey(network), withoutMoments(told));
  if (faults.length > 0) throw faults[0];
}
