import type { CertificateOrder } from '../../sync/ledger/items/certificate-item.ts';
import {
  type CertificateWork,
  type CertificateWorkItem,
  freshCertificateWork,
} from '../../sync/ledger/items/certificate-work-item.ts';
import type { App } from '../../sync/ledger/runcloud-ports.ts';
import { isSameApp } from '../../sync/ledger/same-app.ts';
import type { ItemUpdate } from '../../sync/ledger/updates/update.ts';
import { lately } from './limits.ts';

export function workOf(item: CertificateWorkItem | undefined): CertificateWorkItem {
  return item ?? freshCertificateWork;
}

/** What was ordered for another application is waited for no more. The orders stay on record, because the CA counts them. */
export function atApp({ serverId, appId }: App) {
  return (work: CertificateWorkItem): CertificateWorkItem => {
    if (work.app !== null && isSameApp(work.app, { serverId, appId })) return work;
    return { ...work, app: { serverId, appId }, ordered: work.app === null ? work.ordered : [] };
  };
}

/** Puts an order for the whole application on record before it is made. False: another worker holds the lease. */
export function recordAppOrder(owner: string, order: CertificateOrder, names: readonly string[]) {
  return (item: CertificateWorkItem | undefined): ItemUpdate<CertificateWorkItem, boolean> => {
    if (item === undefined || item.owner !== owner) return { result: false };
    const orders = [...lately(item.orders, order.at), order];
    return { write: { ...item, orders, ordered: names }, result: true };
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
  return (item: CertificateWorkItem | undefined): ItemUpdate<CertificateWorkItem, AppOrder | undefined> => {
    const known = item?.orders.find((order) => order.at === at);
    if (item === undefined || known === undefined) return { result: undefined };
    const last = item.orders.at(-1)?.at === at;
    const orders = amended(item.orders, at, to, error);
    const result = { set: known.set, names: last ? item.ordered : [] };
    return { write: { ...item, orders, ordered: last ? [] : item.ordered }, result };
  };
}

/** Keeps the names that are most likely at fault for the order that has failed. */
export function withSuspects(suspects: readonly string[]) {
  return (item: CertificateWorkItem | undefined): ItemUpdate<CertificateWorkItem, undefined> =>
    item === undefined ? { result: undefined } : { write: { ...item, suspects }, result: undefined };
}

/** The certificate of that order is served, so no request waits for it any more. */
export function issuedAt(at: number) {
  return (work: CertificateWorkItem): CertificateWorkItem =>
    work.ordered.length === 0 || work.orders.at(-1)?.at !== at
      ? work
      : { ...work, ordered: [], suspects: [] };
}

/** The last order, while its certificate may still appear. */
export function runningOrder(
  { orders, ordered }: Pick<CertificateWork, 'orders' | 'ordered'>,
  now: number,
  unconfirmedMs: number,
): CertificateOrder | undefined {
  const last = orders.at(-1);
  return ordered.length > 0 && last !== undefined && last.at > now - unconfirmedMs ? last : undefined;
}
