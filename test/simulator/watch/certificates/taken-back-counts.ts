import type { DomainOrdersItem } from '../../../../lib/sync/ledger/items/order-items.ts';
import type { Key, Kind } from '../../../../lib/sync/ledger/keys.ts';
import { leasesOutliveWorkers, type World } from '../../world/world.ts';

type Identity = Pick<DomainOrdersItem['orders'][number], 'at' | 'set'>;

function isSame(one: Identity) {
  return (other: Identity) => other.at === one.at && other.set === one.set;
}

/**
 * Counts of orders that a worker has taken back. An order is known by its moment and its names: where a lease ends under its
 * worker, two workers may count the same one, and the first takes back what the second relies on. No deployment has such leases.
 */
export class TakenBackCounts {
  readonly #world: Pick<World, 'ledger' | 'scenario'>;
  readonly #taken: Identity[] = [];

  constructor(world: Pick<World, 'ledger' | 'scenario'>) {
    this.#world = world;
  }

  at(key: Key<Kind>): DomainOrdersItem | undefined {
    return key.kind === 'domainOrders'
      ? this.#world.ledger.peek({ ...key, kind: 'domainOrders' })
      : undefined;
  }

  written(key: Key<Kind>, before: DomainOrdersItem | undefined): void {
    const left = this.at(key)?.orders ?? [];
    this.#taken.push(...(before?.orders ?? []).filter((order) => !left.some(isSame(order))));
  }

  /** Whether an order that is on record may rightly lack its count. */
  explains(order: Identity): boolean {
    return !leasesOutliveWorkers(this.#world) && this.#taken.some(isSame(order));
  }
}
