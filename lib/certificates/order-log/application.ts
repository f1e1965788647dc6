import type { CertificateOrder } from '../../sync/ledger/items/certificate-item.ts';
import { heldByOther, released, taken } from '../../sync/ledger/items/lease.ts';
import type { CertificateWork, NetworkItem } from '../../sync/ledger/items/network-item.ts';
import { freshNetwork } from '../../sync/ledger/items/network-item.ts';
import type { App } from '../../sync/ledger/runcloud-ports.ts';
import type { ItemUpdate } from '../../sync/ledger/updates/update.ts';
import { hasLeft } from '../../sync/network/claim.ts';
import { scheduleAtRest } from '../../sync/network/daily.ts';
import { lately } from './limits.ts';

const freshWork: CertificateWork = { ...released, orders: [], ordered: [], suspects: [] };

export function workOf(item: NetworkItem | undefined): CertificateWork {
  return item?.certificates ?? freshWork;
}

/** The lease is part of the network's schedule: a worker that is killed is followed when its lease ends. */
function withWork(item: NetworkItem, certificates: CertificateWork): NetworkItem {
  return {
    ...item,
    certificates,
    ...(item.requeue === null ? scheduleAtRest({ ...item, certificates }) : {}),
  };
}

/** One worker orders for a web application at a time. The network as it is now; undefined: another worker holds the lease. */
export function takeAppLease(
  network: string,
  at: { readonly owner: string; readonly now: number; readonly leaseMs: number },
) {
  return (stored: NetworkItem | undefined): ItemUpdate<NetworkItem, NetworkItem | undefined> => {
    const item = stored ?? freshNetwork(network);
    const work = workOf(item);
    if (heldByOther(work, at.owner, at.now)) return { result: undefined };
    const write = withWork(item, { ...work, ...taken(at.owner, at.now + at.leaseMs) });
    return { write, result: write };
  };
}

export function releaseAppLease(owner: string) {
  return (item: NetworkItem | undefined): ItemUpdate<NetworkItem, undefined> => {
    if (item === undefined || workOf(item).owner !== owner) return { result: undefined };
    return { write: withWork(item, { ...workOf(item), ...released }), result: undefined };
  };
}

/**
 * Puts an order for the whole application on record before it is made. False: another worker holds the lease, or the network
 * has left that application. Otherwise its names would wait at the new application for an order at the old one.
 */
export function recordAppOrder(
  { owner, app }: { readonly owner: string; readonly app: App },
  order: CertificateOrder,
  names: readonly string[],
) {
  return (item: NetworkItem | undefined): ItemUpdate<NetworkItem, boolean> => {
    const work = workOf(item);
    if (item === undefined || work.owner !== owner || hasLeft(item, app)) return { result: false };
    const orders = [...lately(work.orders, order.at), order];
    return { write: { ...item, certificates: { ...work, orders, ordered: names } }, result: true };
  };
}

export type OrderError = NonNullable<CertificateOrder['error']>;

export function toOrderError({ code, message }: OrderError): OrderError {
  return { code, message };
}

/** `failed`: it counts as one; `refused`: so does this, though RunCloud did not take it; `undone`: it was never read. */
export type OrderEnd = 'failed' | 'refused' | 'undone';

/** Only the last failure keeps its error: a log has up to forty orders. */
export function amended(
  orders: readonly CertificateOrder[],
  at: number,
  to: OrderEnd,
  error: OrderError | null = null,
): readonly CertificateOrder[] {
  if (to === 'undone') return orders.filter((order) => order.at !== at);
  const ended = { failed: true, ...(to === 'refused' && { refused: true }) };
  return orders.map((order) => {
    if (order.at === at) return { ...order, ...ended, error: error ?? order.error };
    return order.at < at && order.error !== null ? { ...order, error: null } : order;
  });
}

/** Why the last order of a log has failed; undefined: it has not, or that is unknown. */
export function lastOrderError(orders: readonly CertificateOrder[]): OrderError | undefined {
  return orders.at(-1)?.error ?? undefined;
}

/** An order for the whole application, and its names while it is the last one and they are known. */
export interface AppOrder {
  readonly set: string;
  readonly names: readonly string[];
}

/** What became of a recorded order: true whichever worker holds the lease now. */
export function amendAppOrder(at: number, to: OrderEnd, error: OrderError | null = null) {
  return (item: NetworkItem | undefined): ItemUpdate<NetworkItem, AppOrder | undefined> => {
    const work = workOf(item);
    const known = work.orders.find((order) => order.at === at);
    if (item === undefined || known === undefined) return { result: undefined };
    const last = work.orders.at(-1)?.at === at;
    const orders = amended(work.orders, at, to, error);
    const certificates = { ...work, orders, ordered: last ? [] : work.ordered };
    const result = { set: known.set, names: last ? work.ordered : [] };
    return { write: { ...item, certificates }, result };
  };
}

/** Keeps the names that are most likely at fault for the order that has failed. */
export function withSuspects(suspects: readonly string[]) {
  return (item: NetworkItem | undefined): ItemUpdate<NetworkItem, undefined> =>
    item === undefined
      ? { result: undefined }
      : { write: { ...item, certificates: { ...workOf(item), suspects } }, result: undefined };
}

/** The certificate of that order is served, so no request waits for it any more. */
export function issuedAppOrder(at: number) {
  return (item: NetworkItem | undefined): ItemUpdate<NetworkItem, undefined> => {
    const work = workOf(item);
    if (item === undefined || work.ordered.length === 0 || work.orders.at(-1)?.at !== at) {
      return { result: undefined };
    }
    return { write: { ...item, certificates: { ...work, ordered: [], suspects: [] } }, result: undefined };
  };
}

/** The last order, while its certificate may still appear. */
export function runningOrder(
  { orders, ordered }: CertificateWork,
  now: number,
  unconfirmedMs: number,
): CertificateOrder | undefined {
  const last = orders.at(-1);
  return ordered.length > 0 && last !== undefined && last.at > now - unconfirmedMs ? last : undefined;
}
