import { freshNetwork, type NetworkItem } from '../items/network-item.ts';
import { networkKey } from '../keys.ts';
import type { Ledger } from '../ports.ts';
import { type ItemUpdate, updateItem } from '../updates/update.ts';

/**
 * The sweep finds certificates by their network, so a network has its item before it has a certificate. An item of 0.1.0 without
 * work has no row in the index, and gets one by being written.
 */
export function listed(network: string) {
  return (item: NetworkItem | undefined): ItemUpdate<NetworkItem, undefined> =>
    item === undefined || item.sendAt === null
      ? { write: item ?? freshNetwork(network), result: undefined }
      : { result: undefined };
}

/** The same, before a certificate of the network is written. */
export function listNetwork(ledger: Pick<Ledger, 'read' | 'write'>, network: string): Promise<undefined> {
  return updateItem(ledger, networkKey(network), listed(network));
}
