import { released } from '../ledger/items/lease.ts';
import { freshNetwork, type NetworkItem } from '../ledger/items/network-item.ts';
import { CLOCKS_AGREE_MS } from '../ledger/time.ts';
import type { ItemUpdate } from '../ledger/updates/update.ts';
import { areCertificatesAsked, scheduleAtRest } from './daily.ts';

/**
 * A worker was refused by the lease on the certificates, and its message is gone: the network's own work sends another one once
 * that lease has ended on every clock. The worker that holds it looks for what is left after it, unless it is killed.
 */
export function askAfterLease(network: string, leaseUntil: number) {
  return (stored: NetworkItem | undefined): ItemUpdate<NetworkItem, undefined> => {
    const item = stored ?? freshNetwork(network);
    const at = leaseUntil + CLOCKS_AGREE_MS;
    if (item.certificatesAt !== null && item.certificatesAt <= at) return { result: undefined };
    const write = { ...item, certificatesAt: at };
    return { write: { ...write, ...ifAtRest(write) }, result: undefined };
  };
}

/** A requeue has a schedule of its own, and the next one follows it. */
function ifAtRest(item: NetworkItem): Partial<Pick<NetworkItem, 'dueAt' | 'sendAt'>> {
  return item.requeue === null ? scheduleAtRest(item) : {};
}

/** The message is sent. */
export function withoutAsked(now: number) {
  return (item: NetworkItem | undefined): ItemUpdate<NetworkItem, undefined> => {
    if (item === undefined || !areCertificatesAsked(item, now)) return { result: undefined };
    const certificates = item.certificates && { ...item.certificates, ...released };
    const free = { ...item, certificates, certificatesAt: null };
    return { write: { ...free, ...ifAtRest(free) }, result: undefined };
  };
}
