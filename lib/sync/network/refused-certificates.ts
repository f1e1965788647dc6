import { released } from '../ledger/items/lease.ts';
import { freshNetwork, type NetworkItem } from '../ledger/items/network-item.ts';
import { CLOCKS_AGREE_MS } from '../ledger/time.ts';
import type { ItemUpdate } from '../ledger/updates/update.ts';
import { areCertificatesAsked, scheduleAtRest } from './daily.ts';

/** The network's work takes a time that is so near for due, on whichever clock. */
const NEARLY_DUE_MS = 2 * CLOCKS_AGREE_MS;

/**
 * A worker was refused by the lease on the certificates, and its message is gone: the network's own work sends another one once
 * that lease has ended on every clock. The worker that holds it looks for what is left after it, unless it is killed.
 *
 * `now`: after the refusal. The message for a time that is nearly due may have been sent before it, so that time is replaced
 * by another one.
 */
export function askAfterLease(network: string, leaseUntil: number, now: number) {
  return (stored: NetworkItem | undefined): ItemUpdate<NetworkItem, undefined> => {
    const item = stored ?? freshNetwork(network);
    const at = leaseUntil + CLOCKS_AGREE_MS;
    const asked = item.certificatesAt;
    if (asked !== null && asked <= at && asked > now + NEARLY_DUE_MS) return { result: undefined };
    const write = { ...item, certificatesAt: asked === at ? at + 1 : at };
    return { write: { ...write, ...ifAtRest(write) }, result: undefined };
  };
}

/** A requeue has a schedule of its own, and the next one follows it. */
function ifAtRest(item: NetworkItem): Partial<Pick<NetworkItem, 'dueAt' | 'sendAt'>> {
  return item.requeue === null ? scheduleAtRest(item) : {};
}

/** The message for that time is sent. A worker that was refused meanwhile has asked for another one. */
export function withoutAsked(certificatesAt: number | null, now: number) {
  return (item: NetworkItem | undefined): ItemUpdate<NetworkItem, undefined> => {
    if (item?.certificatesAt !== certificatesAt || !areCertificatesAsked(item, now))
      return { result: undefined };
    const certificates = item.certificates && { ...item.certificates, ...released };
    const free = { ...item, certificates, certificatesAt: null };
    return { write: { ...free, ...ifAtRest(free) }, result: undefined };
  };
}
