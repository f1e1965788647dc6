import { registeredDomain } from '../../dns/registered-domain.ts';
import { inBatches, inBatchesWithinReach } from '../../sync/ledger/in-batches.ts';
import type { AppOrdersItem, CountedOrder, DomainOrdersItem } from '../../sync/ledger/items/order-items.ts';
import { appOrdersKey, domainOrdersKey } from '../../sync/ledger/keys.ts';
import type { Ledger } from '../../sync/ledger/ports.ts';
import { type Followed, follow } from '../../sync/ledger/updates/followed.ts';
import { type ItemUpdate, updateItem } from '../../sync/ledger/updates/update.ts';
import { ACCOUNT_WINDOW_MS, lately, setOf, WEEK_MS } from './limits.ts';

const WRITES_AT_ONCE = 10;

/** An order that the certificate authority counts: `at` and `set` identify it. */
export interface OrderToCount {
  readonly network: string;
  readonly at: number;
  readonly set: string;
  readonly names: readonly string[];
}

/** How a name is kept in an item of orders. */
export function fingerprintOfName(name: string): string {
  return setOf([name]);
}

function expiryOf(at: number, before = 0): number {
  return Math.max(before, Math.ceil((at + WEEK_MS) / 1_000));
}

function isSame({ at, set }: OrderToCount) {
  return (order: CountedOrder) => order.at === at && order.set === set;
}

function withOrder(order: OrderToCount, names: readonly string[]) {
  return (item: DomainOrdersItem | undefined): ItemUpdate<DomainOrdersItem, undefined> => {
    const { at, set } = order;
    const others = lately(item?.orders ?? [], at).filter((one) => !isSame(order)(one));
    const counted = { at, set, names: names.map(fingerprintOfName), failed: false };
    return {
      write: { orders: [...others, counted], expiresAt: expiryOf(at, item?.expiresAt) },
      result: undefined,
    };
  };
}

function withAmendedOrder(order: OrderToCount, to: 'failed' | 'undone') {
  return (item: DomainOrdersItem | undefined): ItemUpdate<DomainOrdersItem, undefined> => {
    const known = item?.orders.find(isSame(order));
    if (item === undefined || known === undefined || (to === 'failed' && known.failed)) {
      return { result: undefined };
    }
    const orders =
      to === 'undone'
        ? item.orders.filter((one) => !isSame(order)(one))
        : item.orders.map((one) => (isSame(order)(one) ? { ...one, failed: true } : one));
    return { write: { ...item, orders }, result: undefined };
  };
}

function withTime(at: number) {
  return (item: AppOrdersItem | undefined): ItemUpdate<AppOrdersItem, undefined> => {
    const times = (item?.times ?? []).filter((time) => time > at - ACCOUNT_WINDOW_MS);
    return { write: { times: [...times, at], expiresAt: expiryOf(at, item?.expiresAt) }, result: undefined };
  };
}

function withoutTime(at: number) {
  return (item: AppOrdersItem | undefined): ItemUpdate<AppOrdersItem, undefined> => {
    const index = item?.times.indexOf(at) ?? -1;
    if (item === undefined || index < 0) return { result: undefined };
    return { write: { ...item, times: item.times.toSpliced(index, 1) }, result: undefined };
  };
}

function byRegisteredDomain(names: readonly string[]): [string, string[]][] {
  return [...Map.groupBy(names, registeredDomain)];
}

/** The items of the counts that a pass has read, as it goes on with them. */
export interface FollowedCounts {
  readonly times: Followed<'appOrders'>;
  readonly ofDomain: (registered: string) => Followed<'domainOrders'>;
}

function unreadCounts(network: string, ledger: Ledger): FollowedCounts {
  return {
    times: follow(ledger, appOrdersKey(network)),
    ofDomain: (registered) => follow(ledger, domainOrdersKey(network, registered)),
  };
}

/** Counts an order, before it is made, against its registered domains and the account. A worker that is killed may count it in vain. */
export async function countOrder(
  order: OrderToCount,
  ledger: Ledger,
  counts = unreadCounts(order.network, ledger),
): Promise<void> {
  await counts.times.update(withTime(order.at));
  await inBatches(byRegisteredDomain(order.names), WRITES_AT_ONCE, ([domain, names]) =>
    counts.ofDomain(domain).update(withOrder(order, names)),
  );
}

/** `failed`: the order counts as a failed one. `undone`: RunCloud never took it, so it does not count. */
export async function amendCountedOrder(
  order: OrderToCount,
  to: 'failed' | 'undone',
  ledger: Ledger,
): Promise<void> {
  const eachWithin = to === 'undone' ? inBatchesWithinReach : inBatches;
  await eachWithin(byRegisteredDomain(order.names), WRITES_AT_ONCE, ([domain]) =>
    updateItem(ledger, domainOrdersKey(order.network, domain), withAmendedOrder(order, to)),
  );
  if (to === 'undone') await updateItem(ledger, appOrdersKey(order.network), withoutTime(order.at));
}
