import type { CertificateWork, CertificateWorkItem } from '../../sync/ledger/items/certificate-work-item.ts';
import { heldByOther, isHeld, released, taken } from '../../sync/ledger/items/lease.ts';
import type { NetworkItem } from '../../sync/ledger/items/network-item.ts';
import type { ItemUpdate } from '../../sync/ledger/updates/update.ts';
import { LONGEST_DELAY_SECONDS } from '../../sync/ledger/work/message-delay.ts';
import { workOf } from './application.ts';

export type TakenAppLease = { readonly kind: 'taken' } | { readonly kind: 'held'; readonly until: number };

/** With the orders that 0.1.0 has kept in the network's item. An order in both is as this version knows it. */
function withKept(work: CertificateWorkItem, network: NetworkItem | undefined): CertificateWorkItem {
  const kept = network?.certificates ?? null;
  if (kept === null) return work;
  const known = new Set(work.orders.map(({ at }) => at));
  const orders = [...work.orders, ...kept.orders.filter(({ at }) => !known.has(at))];
  const isNewer = (kept.orders.at(-1)?.at ?? 0) > (work.orders.at(-1)?.at ?? 0);
  const { ordered, suspects } = isNewer ? kept : work;
  const { serverId, appId } = network?.claim ?? {};
  const app = serverId === undefined || appId === undefined ? work.app : { serverId, appId };
  return {
    ...work,
    app: isNewer ? app : work.app,
    orders: orders.toSorted((a, b) => a.at - b.at),
    ordered,
    suspects,
  };
}

/**
 * One worker orders for a web application at a time. During a deploy a worker of 0.1.0 may hold the lease in the network's item.
 */
export function takeAppLease(
  network: NetworkItem | undefined,
  at: { readonly owner: string; readonly now: number; readonly leaseMs: number },
) {
  return (item: CertificateWorkItem | undefined): ItemUpdate<CertificateWorkItem, TakenAppLease> => {
    for (const lease of [workOf(item), network?.certificates ?? null]) {
      if (lease !== null && heldByOther(lease, at.owner, at.now)) {
        return { result: { kind: 'held', until: lease.leaseUntil ?? at.now } };
      }
    }
    const work = withKept(workOf(item), network);
    return { write: { ...work, ...taken(at.owner, at.now + at.leaseMs) }, result: { kind: 'taken' } };
  };
}

/** What the release of the lease says of the message that brings the next pass. */
export interface NextMessage {
  readonly now: number;
  /** When the first request is due that waits for it; null: none is. */
  readonly nextAt: number | null;
  readonly sharedMs: number;
}

/**
 * When the message of the next pass is to come; null: one that is under way comes in time. Requests that are due within
 * `sharedMs` share a message, and two follow one another with that distance. Otherwise each of many passes would send its own.
 */
function messageFor(
  { messageAt }: CertificateWorkItem,
  { now, nextAt, sharedMs }: NextMessage,
): number | null {
  if (nextAt === null || messageAt === null) return nextAt;
  const latest = nextAt - now < sharedMs ? nextAt : nextAt + sharedMs;
  if (messageAt > now && messageAt >= nextAt && messageAt <= latest) return null;
  const at = messageAt > nextAt ? nextAt : Math.max(nextAt, messageAt + sharedMs);
  // It comes no later, so requests that are due after that must not rely on it.
  return Math.min(at, now + LONGEST_DELAY_SECONDS * 1_000);
}

/**
 * Gives the lease back. Returns when the message of the next pass is to come; null: none is to be sent. Another worker may have
 * the lease by now.
 */
export function releaseAppLease(owner: string, next: NextMessage) {
  return (item: CertificateWorkItem | undefined): ItemUpdate<CertificateWorkItem, number | null> => {
    if (item === undefined || item.owner !== owner) return { result: next.nextAt };
    const at = messageFor(item, next);
    return { write: { ...item, ...released, messageAt: at ?? item.messageAt }, result: at };
  };
}

/** What 0.1.0 has kept lies in its own item now. What a worker of that version has written since stays for the next pass. */
export function withoutKept(kept: CertificateWork, now: number) {
  return (item: NetworkItem | undefined): ItemUpdate<NetworkItem, undefined> => {
    const certificates = item?.certificates ?? null;
    if (item === undefined || certificates === null || isHeld(certificates, now))
      return { result: undefined };
    if (certificates.orders.at(-1)?.at !== kept.orders.at(-1)?.at) return { result: undefined };
    return { write: { ...item, certificates: null }, result: undefined };
  };
}
