import { getDomain } from 'tldts';
import { setOf } from '../../../../lib/certificates/order-log/limits.ts';
import { registeredDomain } from '../../../../lib/dns/registered-domain.ts';
import { WWW } from '../../../../lib/sync/ledger/domains/www.ts';
import type { CertificateOrder } from '../../../../lib/sync/ledger/items/certificate-item.ts';
import type { OrderAt, SslWorld } from '../../world/certificates/ssl-world.ts';
import type { World } from '../../world/world.ts';
import { CLOCKS_AGREE_MS } from '../clocks.ts';
import { PROOF_HOLDS_MS, waitingAt } from './dns-rules.ts';
import { TakenBackCounts } from './taken-back-counts.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const WEEK_MS = 7 * 24 * HOUR_MS;
/** Between what a pass has seen and the order it makes: it waits for its slot, and the machine stalls. */
const PASS_MS = 6 * MINUTE_MS;
const MODE_KEPT_MS = 5 * MINUTE_MS;
const MOST_FAILED_AN_HOUR = 4;
const MOST_OF_ONE_SET_A_WEEK = 4;
const MOST_A_WEEK = 40;
/** Let's Encrypt's limit (docs/external-systems.md, "The certificate authority and DNS"). */
const MOST_OF_ONE_DOMAIN_A_WEEK = 50;

interface WatchedOrder extends OrderAt {
  readonly bad: readonly string[];
  readonly settled: boolean;
  /** How many tasks had been killed when it was received. */
  readonly kills: number;
  /** As it is on record; undefined: it is not. */
  readonly record: Pick<CertificateOrder, 'at' | 'set'> | undefined;
}

/** What must hold of the orders that reach RunCloud. */
export class OrderWatch {
  readonly #ssl: SslWorld;
  readonly #ledger: World['ledger'];
  readonly takenBack: TakenBackCounts;
  readonly #broken: string[];
  readonly #orders: WatchedOrder[] = [];
  /** When a name last came to, or left, an application. */
  readonly #changed = new Map<string, number>();
  /** When the multisite last proved that a name reaches it. */
  readonly #readyAt = new Map<string, number>();

  constructor(ssl: SslWorld, world: Pick<World, 'ledger' | 'scenario'>, broken: string[]) {
    this.#ssl = ssl;
    this.#ledger = world.ledger;
    this.takenBack = new TakenBackCounts(world);
    this.#broken = broken;
    ssl.received = (at) => this.#received(at);
  }

  /** A row for that name was added, changed or removed. */
  changed(app: 0 | 1, name: string): void {
    const now = this.#ssl.scheduler.now();
    for (const one of [name, `www.${name}`]) this.#changed.set(`${app} ${one}`, now);
  }

  /** The multisite has said that the DNS of that name is ready. */
  readySaid(name: string, at: number): void {
    this.#readyAt.set(name, at);
  }

  #passed(name: string, since: number): boolean {
    const ready = (this.#readyAt.get(name) ?? Number.NEGATIVE_INFINITY) > since - PROOF_HOLDS_MS;
    return this.#ssl.internet.placesSince(name, since).some((place) => waitingAt(place, ready) === null);
  }

  /** A `www.` whose row was changed without an answer: the relay knows that RunCloud serves it once a pass has read the row. */
  #isUnread(name: string): boolean {
    return this.#ledger
      .all('domain')
      .some(
        ({ domain, wwwServed, ambiguousUntil }) =>
          name === WWW + domain && wwwServed !== true && ambiguousUntil !== null,
      );
  }

  #received({ app, order }: OrderAt): void {
    const { names, sentAt, domainId, how, mode, modeSince } = order;
    const { scheduler } = this.#ssl;
    scheduler.note(`RunCloud receives ${how} for ${domainId ?? 'all'}: ${names.join(', ')}`);
    const old = (name: string) => (this.#changed.get(`${app} ${name}`) ?? 0) < sentAt - PASS_MS;
    const bad = names.filter(
      (name) => old(name) && !this.#isUnread(name) && !this.#passed(name, sentAt - PASS_MS),
    );
    if (order.overUploaded) this.#broken.push(`${how} over an uploaded certificate`);
    // Another SSL mode than a pass may still have cached.
    const fits = mode === (domainId === undefined ? 'basic' : 'advanced');
    if (!fits && modeSince < sentAt - MODE_KEPT_MS - PASS_MS) {
      this.#broken.push(`an order for ${domainId === undefined ? 'all' : 'one domain'} in mode ${mode}`);
    }
    if (!fits) return;
    if (bad.length > 0) this.#mindDns({ app, order }, bad);
    const record = this.#recordOf(order);
    const recently = [...this.#changed].some(
      ([key, at]) => key.startsWith(`${app} `) && at > sentAt - PASS_MS,
    );
    this.#orders.push({
      app,
      order,
      bad,
      settled: !recently && record?.set === setOf(names),
      kills: scheduler.kills,
      record,
    });
    this.#mindLimits({ app, order });
  }

  /** What is ordered is on record, for what it is ordered for: an id means nothing to another application. */
  #recordOf(order: OrderAt['order']): CertificateOrder | undefined {
    const { names, sentAt, how } = order;
    const orders = this.#logOf(order);
    const known = orders.findLast(({ at }) => at <= sentAt + CLOCKS_AGREE_MS && at > sentAt - PASS_MS);
    if (known === undefined) this.#broken.push(`${how} for ${names[0]} is not on record`);
    else this.#mindCounts(order, known);
    return known;
  }

  /** The orders on record: of the whole application, or of the domain. */
  #logOf({ names, domainId }: OrderAt['order']): readonly CertificateOrder[] {
    if (domainId === undefined) return this.#ledger.all('certificateWork').flatMap((work) => work.orders);
    const own = this.#ledger.all('certificate').filter(({ domain }) => domain === names[0]);
    return own.flatMap((item) => item.orders);
  }

  /** The relay learns late, or never, that an order has failed that got no answer, or whose worker was killed. */
  #isFailureUnknown({ order, kills, record }: WatchedOrder): boolean {
    const onRecord = this.#logOf(order).find(({ at }) => at === record?.at);
    return kills < this.#ssl.scheduler.kills || onRecord?.failed === false;
  }

  /** What is on record counts against every registered domain and against the account. */
  #mindCounts({ how, names }: OrderAt['order'], { at, set }: Pick<CertificateOrder, 'at' | 'set'>): void {
    const registered = new Set(names.map(registeredDomain));
    const counted = this.#ledger
      .all('domainOrders')
      .filter(({ orders }) => orders.some((one) => one.at === at && one.set === set));
    const timed = this.#ledger.all('appOrders').some(({ times }) => times.includes(at));
    // A row that has come meanwhile is in the certificate, and the relay does not know it.
    const expected = set === setOf(names) ? registered.size : 1;
    if ((counted.length < expected || !timed) && !this.takenBack.explains({ at, set }))
      this.#broken.push(`${how} for ${names[0]} is on record and not counted`);
  }

  #alike({ app, order }: OrderAt) {
    return this.#orders.filter((one) => one.app === app && one.order.domainId === order.domainId);
  }

  /** A name that points elsewhere holds an order up to an hour, and then once a day. */
  #mindDns(at: OrderAt, bad: readonly string[]): void {
    const { names, sentAt, domainId } = at.order;
    const { delays } = this.#ssl;
    const [own] = names;
    const waited = names.some((name) => {
      const heldSince = sentAt - delays.heldMs + PASS_MS;
      return !bad.includes(name) && this.#passed(name, heldSince);
    });
    const without =
      domainId === undefined ? bad.length < names.length : own !== undefined && !bad.includes(own);
    // Once one of them is fixed, the relay tries the others again.
    const same = (one: readonly string[]) => one.every((name) => bad.includes(name));
    const today = this.#alike(at).some(
      (one) => one.bad.length > 0 && same(one.bad) && one.order.sentAt > sentAt - delays.dailyMs + PASS_MS,
    );
    if (!without || !waited || today) this.#broken.push(`an order before the DNS of ${bad.join(', ')}`);
  }

  #mindLimits(at: OrderAt): void {
    const { order } = at;
    const alike = this.#alike(at);
    const since = (ms: number) => alike.filter((one) => one.order.sentAt > order.sentAt - ms + PASS_MS);
    const week = since(WEEK_MS);
    const same = week.filter((one) => one.settled && setOf(one.order.names) === setOf(order.names));
    if (same.length > MOST_OF_ONE_SET_A_WEEK)
      this.#broken.push(`${same.length} orders a week for ${order.names}`);
    if (order.domainId === undefined && week.length > MOST_A_WEEK)
      this.#broken.push(`${week.length} orders a week`);
    this.#mindNames(order);
  }

  /** The CA knows names only: not what an order was for, nor in which mode, nor at which application it was made. */
  #mindNames(order: OrderAt['order']): void {
    const { names, sentAt } = order;
    const since = (ms: number) =>
      this.#orders.filter((one) => one.order !== order && one.order.sentAt > sentAt - ms + PASS_MS);
    for (const name of names) {
      const failed = since(HOUR_MS).filter((one) => one.order.failed.includes(name));
      // The CA takes one more than the relay.
      const unknown = failed.some((one) => this.#isFailureUnknown(one)) ? 1 : 0;
      if (failed.length >= MOST_FAILED_AN_HOUR + unknown) {
        this.#broken.push(`an order for ${name} after ${failed.length} failed ones in an hour`);
      }
    }
    for (const registrable of new Set(names.map((name) => getDomain(name) ?? name))) {
      const week = since(WEEK_MS).filter((one) =>
        one.order.names.some((name) => getDomain(name) === registrable),
      );
      if (week.length >= MOST_OF_ONE_DOMAIN_A_WEEK)
        this.#broken.push(`${week.length + 1} orders a week under ${registrable}`);
    }
  }
}
