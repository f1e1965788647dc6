import { registeredDomain } from '../../dns/registered-domain.ts';
import type { CertificateOrder } from '../../sync/ledger/certificate-item.ts';
import { lastBefore } from '../../sync/ledger/history.ts';
import { networkKey } from '../../sync/ledger/keys.ts';
import { WWW } from '../../sync/ledger/www.ts';
import type { CertificateServices } from '../services.ts';
import type { Session } from '../session.ts';
import { workOf } from './application.ts';
import { lately, setOf } from './limits.ts';
import { type RequestOnRecord, requestsOnRecord } from './orders-on-record.ts';
import type { Counted } from './spent-limit.ts';

interface Kept {
  /** Requests of the network that orders may count against, by name. Closed ones keep their orders. */
  readonly requests: ReadonlyMap<string, RequestOnRecord>;
  /** Orders for the whole application. */
  readonly appOrders: readonly CertificateOrder[];
  /** Served by the application since ever, whether or not anybody wanted for them. */
  readonly ownDomains: readonly string[];
  readonly now: number;
}

/**
 * An order for the whole application covers what it served at that time. A request stands while its domain is served;
 * nothing else tells which names an order of days ago had.
 */
export function isCoveredBy(
  { history }: Pick<RequestOnRecord, 'history'>,
  { at }: CertificateOrder,
): boolean {
  const last = lastBefore(history, at);
  return last === 'forgotten' || (last !== undefined && last.what !== 'none');
}

/**
 * What the CA counts against a name or a registered domain, by whichever SSL mode it was ordered. Read from the orders
 * on record, so nothing more is kept, however many domains there are; whoever holds the application's lease is the
 * only one to add to them.
 */
export class RecentOrders {
  /** Orders for the whole application. */
  readonly appOrders: readonly CertificateOrder[];
  readonly #kept: Kept;
  readonly #own: ReadonlySet<string>;
  /** Requests by registered domain: only where somebody asks, for a network may have many thousands. */
  #families: ReadonlyMap<string, readonly RequestOnRecord[]> | undefined;
  readonly #times = new Map<string, number[]>();
  #lately: number[] | undefined;
  readonly #taken: { readonly names: readonly string[]; readonly order: CertificateOrder }[] = [];

  constructor(kept: Kept) {
    this.#kept = kept;
    this.appOrders = lately(kept.appOrders, kept.now);
    this.#own = new Set(kept.ownDomains.map(registeredDomain));
  }

  /** Orders of the last week that covered the name: its own, one for it as another domain's `www.`, all domains'. */
  ofName(name: string): CertificateOrder[] {
    const { requests, now } = this.#kept;
    const request = requests.get(name);
    const apex = name.startsWith(WWW) ? requests.get(name.slice(WWW.length)) : undefined;
    const pair = apex && setOf([apex.domain, name]);
    const taken = this.#taken.filter(({ names }) => names.includes(name)).map(({ order }) => order);
    return [
      ...lately(request?.orders ?? [], now),
      ...lately(apex?.orders ?? [], now).filter(({ set }) => set === pair),
      ...this.appOrders.filter((order) => request !== undefined && isCoveredBy(request, order)),
      ...taken,
    ];
  }

  /** The times of the last week's orders for each of the names' registered domains. */
  ofRegistered(names: readonly string[]): ReadonlyMap<string, readonly number[]> {
    return new Map(names.map(registeredDomain).map((domain) => [domain, this.#timesOf(domain)]));
  }

  /** The times of all orders on record: what the CA counts against the account that RunCloud orders with. */
  ofAccount(): readonly number[] {
    return this.#allTimes();
  }

  /** All that the limits count against an order for these names, but its own book. */
  against(names: readonly string[]): Pick<Counted, 'ofNames' | 'ofRegistered' | 'ofAccount'> {
    return {
      ofNames: names.map((name) => this.ofName(name)),
      ofRegistered: this.ofRegistered(names),
      ofAccount: this.ofAccount(),
    };
  }

  /** Counts an order that is about to be made, as one that fails; what is returned takes that back. */
  take(names: readonly string[], at: number): () => void {
    const counted = [...new Set(names.map(registeredDomain))].map((domain) => this.#timesOf(domain));
    counted.push(this.#allTimes());
    for (const times of counted) times.push(at);
    const order: CertificateOrder = {
      at,
      set: setOf(names),
      how: 'install',
      failed: true,
      includedUnready: [],
    };
    const taken = { names, order };
    this.#taken.push(taken);
    return () => {
      for (const times of counted) times.splice(times.lastIndexOf(at), 1);
      this.#taken.splice(this.#taken.indexOf(taken), 1);
    };
  }

  #allTimes(): number[] {
    this.#lately ??= [...this.#kept.requests.values()]
      .flatMap(({ orders }) => lately(orders, this.#kept.now))
      .concat(this.appOrders)
      .map(({ at }) => at);
    return this.#lately;
  }

  #timesOf(domain: string): number[] {
    const known = this.#times.get(domain);
    if (known !== undefined) return known;
    this.#families ??= Map.groupBy(this.#kept.requests.values(), (request) =>
      registeredDomain(request.domain),
    );
    const family = this.#families.get(domain) ?? [];
    const own = this.#own.has(domain);
    const covering = this.appOrders.filter(
      (order) => own || family.some((request) => isCoveredBy(request, order)),
    );
    const orders = [...covering, ...family.flatMap(({ orders }) => lately(orders, this.#kept.now))];
    const times = orders.map(({ at }) => at);
    this.#times.set(domain, times);
    return times;
  }
}

/** The record as it is now; the lease on the application keeps others from adding to it. */
export async function recentOrders(
  { network, access }: Pick<Session, 'network' | 'access'>,
  s: Pick<CertificateServices, 'ledger' | 'clock'>,
): Promise<RecentOrders> {
  const { orders: appOrders } = workOf((await s.ledger.read(networkKey(network)))?.item);
  const requests = await requestsOnRecord(network, appOrders, s);
  return new RecentOrders({ requests, appOrders, ownDomains: access.protectedDomains, now: s.clock.now() });
}
