import { freshNetwork, type NetworkItem, type Pause } from '../ledger/network-item.ts';
import type { ItemUpdate } from '../ledger/update.ts';

/** One pass per probe interval may call RunCloud while the network is paused. The winner moves the next probe. */
export function tryProbe(network: string, at: { readonly now: number; readonly probeMs: number }) {
  return (item: NetworkItem | undefined): ItemUpdate<NetworkItem, { won: boolean; pause: Pause | null }> => {
    const pause = item?.pause ?? null;
    if (item === undefined || pause === null) return { result: { won: true, pause: null } };
    if (at.now < pause.probeAt) return { result: { won: false, pause } };
    const next = { ...pause, probeAt: at.now + at.probeMs };
    return { write: { ...freshNetwork(network), ...item, pause: next }, result: { won: true, pause: next } };
  };
}
