import { registeredDomain } from '../../dns/registered-domain.ts';
import { inBatches } from '../../sync/ledger/in-batches.ts';
import type { CountedOrder } from '../../sync/ledger/items/order-items.ts';
import { appOrdersKey, domainOrdersKey } from '../../sync/ledger/keys.ts';
import type { Clock, Ledger } from '../../sync/ledger/ports.ts';
import { type Followed, follow } from '../../sync/ledger/updates/followed.ts';
import { readSeen } from '../../sync/ledger/updates/update.ts';
import { type FollowedCounts, fingerprintOfName } from './counts.ts';
import { lately, setOf } from './limits.ts';
import type { Counted } from './spent-limit.ts';

const READS_AT_ONCE = 10;

/**
 * What the certificate authority counts against names, registered domains and the account, in whichever SSL mode it was
 * ordered. One pass reads each item once, and only those of the names that it orders for; the lease on the application
 * keeps other workers from adding to them.
 */
export class RecentOrders implements FollowedCounts {
  readonly #network: string;
  readonly #ledger: Ledger;
  readonly #clock: Clock;
  readonly #followed = new Map<string, Followed<'domainOrders'>>();
  readonly #byDomain = new Map<string, Promise<CountedOrder[]>>();
  readonly #loaded = new Map<string, CountedOrder[]>();
  #timesRead: Promise<number[]> | undefined;
  #times: number[] = [];
  times: Followed<'appOrders'>;

  constructor(network: string, { ledger, clock }: { readonly ledger: Ledger; readonly clock: Clock }) {
    this.#network = network;
    this.#ledger = ledger;
    this.#clock = clock;
    this.times = follow(ledger, appOrdersKey(network));
  }

  ofDomain(registered: string): Followed<'domainOrders'> {
    const followed = this.#followed.get(registered);
    return followed ?? follow(this.#ledger, domainOrdersKey(this.#network, registered));
  }

  /** Reads what counts against these names. `against` and `take` need it. */
  async load(names: readonly string[]): Promise<void> {
    this.#timesRead ??= this.#readTimes();
    this.#times = await this.#timesRead;
    await inBatches([...new Set(names.map(registeredDomain))], READS_AT_ONCE, async (domain) => {
      const reading = this.#byDomain.get(domain) ?? this.#readDomain(domain);
      this.#byDomain.set(domain, reading);
      this.#loaded.set(domain, await reading);
    });
  }

  /** All that the limits count against an order for these names, except the log it is written to. */
  against(names: readonly string[]): Pick<Counted, 'ofNames' | 'ofRegistered' | 'ofAccount'> {
    const domains = new Set(names.map(registeredDomain));
    return {
      ofNames: names.map((name) => this.#ofName(name)),
      ofRegistered: new Map(
        [...domains].map((domain) => [domain, this.#ordersOf(domain).map(({ at }) => at)]),
      ),
      ofAccount: this.#times,
    };
  }

  /** Counts an order that is about to be made, as one that fails. The function it returns takes that back. */
  take(names: readonly string[], at: number): () => void {
    const order = { at, set: setOf(names), names: names.map(fingerprintOfName), failed: true };
    const lists = [...new Set(names.map(registeredDomain))].map((domain) => this.#ordersOf(domain));
    for (const orders of lists) orders.push(order);
    this.#times.push(at);
    return () => {
      for (const orders of lists) orders.splice(orders.indexOf(order), 1);
      this.#times.splice(this.#times.lastIndexOf(at), 1);
    };
  }

  #ordersOf(domain: string): CountedOrder[] {
    const orders = this.#loaded.get(domain);
    if (orders === undefined) throw new Error(`The orders for ${domain} have not been read`);
    return orders;
  }

  #ofName(name: string): CountedOrder[] {
    const fingerprint = fingerprintOfName(name);
    return this.#ordersOf(registeredDomain(name)).filter(({ names }) => names.includes(fingerprint));
  }

  async #readDomain(domain: string): Promise<CountedOrder[]> {
    const key = domainOrdersKey(this.#network, domain);
    const seen = await readSeen(this.#ledger, key);
    this.#followed.set(domain, follow(this.#ledger, key, seen));
    return lately(seen.item?.orders ?? [], this.#clock.now());
  }

  async #readTimes(): Promise<number[]> {
    const key = appOrdersKey(this.#network);
    const seen = await readSeen(this.#ledger, key);
    this.times = follow(this.#ledger, key, seen);
    return [...(seen.item?.times ?? [])];
  }
}
