import { setOf } from '../../lib/certificates/limits.ts';
import type { MemoryLedger } from '../../lib/memory/ledger.ts';
import type { CertificateItem, CertificateWork, OwedLetter } from '../../lib/sync/items.ts';
import { certificateKey, networkKey } from '../../lib/sync/items.ts';
import type { Ledger, Letter, Queue } from '../../lib/sync/ports.ts';
import { CLOCKS_AGREE_MS } from './oracle.ts';
import type { Actor } from './scheduler.ts';
import type { Place } from './ssl-plan.ts';
import type { OrderAt, SslWorld } from './ssl-world.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const WEEK_MS = 7 * 24 * HOUR_MS;
/** Between what a look has seen and the order it makes: it waits for its place, and the machine stalls. */
const LOOK_MS = 6 * MINUTE_MS;
const MODE_KEPT_MS = 5 * MINUTE_MS;
const MOST_HINTS_AN_HOUR = 12;
const MOST_FAILED_AN_HOUR = 4;
const MOST_OF_ONE_SET_A_WEEK = 4;
const MOST_A_WEEK = 40;

const PASSES: ReadonlySet<Place> = new Set(['here', 'proxied']);
const PASSES_IF_READY: ReadonlySet<Place> = new Set(['here', 'proxied', 'elsewhere', 'ipv6']);

/** What must hold of certificates while a run goes on. */
export class CertificateWatch {
  readonly #ssl: SslWorld;
  readonly #broken: string[];
  readonly #ledger: MemoryLedger;
  readonly #orders: (OrderAt & { readonly bad: readonly string[]; readonly settled: boolean })[] = [];
  /** When a name last came to, or left, an application. */
  readonly #changed = new Map<string, number>();
  readonly #ready = new Set<string>();
  readonly #hints = new Map<string, number[]>();
  readonly #kills: number[] = [];
  readonly #letters = new Map<string, number>();
  healedAt: number | undefined;

  constructor(ssl: SslWorld, ledger: MemoryLedger, broken: string[]) {
    this.#ssl = ssl;
    this.#ledger = ledger;
    this.#broken = broken;
    ssl.received = (at) => this.#received(at);
  }

  killed(): void {
    this.#kills.push(this.#ssl.scheduler.now());
  }

  /** A row for that name was added, changed or removed. */
  changed(app: 0 | 1, name: string): void {
    const now = this.#ssl.scheduler.now();
    for (const one of [name, `www.${name}`]) this.#changed.set(`${app} ${one}`, now);
  }

  #passed(name: string, since: number): boolean {
    const places = this.#ready.has(name) ? PASSES_IF_READY : PASSES;
    return this.#ssl.internet.placesSince(name, since).some((place) => places.has(place));
  }

  #received({ app, order }: OrderAt): void {
    const { names, sentAt, domainId, how, mode, modeSince } = order;
    const { scheduler } = this.#ssl;
    scheduler.note(`RunCloud receives ${how} for ${domainId ?? 'all'}: ${names.join(', ')}`);
    const old = (name: string) => (this.#changed.get(`${app} ${name}`) ?? 0) < sentAt - LOOK_MS;
    const bad = names.filter((name) => old(name) && !this.#passed(name, sentAt - LOOK_MS));
    // Another SSL mode than a look may still keep in mind.
    const fits = mode === (domainId === undefined ? 'basic' : 'advanced');
    if (!fits && modeSince < sentAt - MODE_KEPT_MS - LOOK_MS) {
      this.#broken.push(`an order for ${domainId === undefined ? 'all' : 'one domain'} in mode ${mode}`);
    }
    if (!fits) return;
    if (bad.length > 0) this.#mindDns({ app, order }, bad);
    const set = this.#recordedSet(order);
    const recently = [...this.#changed].some(
      ([key, at]) => key.startsWith(`${app} `) && at > sentAt - LOOK_MS,
    );
    this.#orders.push({ app, order, bad, settled: !recently && set === setOf(names) });
    this.#mindLimits({ app, order });
  }

  /** What is ordered is on record, for what it is ordered for: an id means nothing to another application. */
  #recordedSet({ names, domainId, sentAt, how }: OrderAt['order']): string | undefined {
    const own = this.#ledger.all('certificate').filter(({ domain }) => domain === names[0]);
    const all = this.#ledger.all('network').flatMap(({ certificates }) => certificates?.orders ?? []);
    const orders = domainId === undefined ? all : own.flatMap((item) => item.orders);
    const known = orders.findLast(({ at }) => at <= sentAt + CLOCKS_AGREE_MS && at > sentAt - LOOK_MS);
    if (known === undefined) this.#broken.push(`${how} for ${names[0]} is not on record`);
    return known?.set;
  }

  #alike({ app, order }: OrderAt) {
    return this.#orders.filter((one) => one.app === app && one.order.domainId === order.domainId);
  }

  /** A name that points elsewhere holds an order up to an hour, and then once a day. */
  #mindDns(at: OrderAt, bad: readonly string[]): void {
    const { names, sentAt, domainId } = at.order;
    const { waits } = this.#ssl;
    const [own] = names;
    const waited = names.some((name) => {
      const heldSince = sentAt - waits.heldMs + LOOK_MS;
      return !bad.includes(name) && this.#passed(name, heldSince);
    });
    const without =
      domainId === undefined ? bad.length < names.length : own !== undefined && !bad.includes(own);
    // Once one of them is mended, the others are tried anew.
    const same = (one: readonly string[]) => one.every((name) => bad.includes(name));
    const today = this.#alike(at).some(
      (one) => one.bad.length > 0 && same(one.bad) && one.order.sentAt > sentAt - waits.dailyMs + LOOK_MS,
    );
    if (!without || !waited || today) this.#broken.push(`an order before the DNS of ${bad.join(', ')}`);
  }

  #mindLimits(at: OrderAt): void {
    const { order } = at;
    const alike = this.#alike(at);
    const since = (ms: number) => alike.filter((one) => one.order.sentAt > order.sentAt - ms + LOOK_MS);
    const week = since(WEEK_MS);
    const same = week.filter((one) => one.settled && setOf(one.order.names) === setOf(order.names));
    if (same.length > MOST_OF_ONE_SET_A_WEEK)
      this.#broken.push(`${same.length} orders a week for ${order.names}`);
    if (order.domainId === undefined && week.length > MOST_A_WEEK)
      this.#broken.push(`${week.length} orders a week`);
    for (const name of order.names) {
      const failed = since(HOUR_MS).filter((one) => one.order !== order && one.order.failed.includes(name));
      if (failed.length >= MOST_FAILED_AN_HOUR) {
        this.#broken.push(`an order for ${name} after ${failed.length} failed ones in an hour`);
      }
    }
  }

  /** The ledger as one actor meets it, seeing what each write does to wishes and to the lease of the application. */
  guarding(ledger: Ledger, actor: Actor): Ledger {
    const wishOf = async (network: string, name: string) =>
      (await ledger.read(certificateKey(network, name)))?.item;
    const workOf = async (network: string) =>
      (await ledger.read(networkKey(network)))?.item.certificates ?? null;
    const write: Ledger['write'] = async (key, item, writes) => {
      const { network } = key;
      const name = key.kind === 'certificate' ? key.item.slice('certificate#'.length) : undefined;
      const before = name === undefined ? undefined : await wishOf(network, name);
      const workBefore = key.kind === 'network' ? await workOf(network) : null;
      const done = await ledger.write(key, item, writes);
      if (!done) return done;
      const after = name === undefined ? undefined : await wishOf(network, name);
      if (after !== undefined) await this.#compare(ledger, actor, before, after);
      if (workBefore !== null) this.#mindAppLease(actor, workBefore, await workOf(network));
      return done;
    };
    return { ...ledger, write };
  }

  #mindLease(
    actor: Actor,
    what: string,
    before: Pick<CertificateWork, 'owner' | 'leaseUntil'>,
    owner: string | null,
  ) {
    const others = before.owner?.startsWith(`${actor.name}.`) === false;
    const living = (before.leaseUntil ?? 0) > this.#ssl.scheduler.now() + CLOCKS_AGREE_MS;
    if (others && living && owner !== before.owner) {
      this.#broken.push(`${actor.name} ends the lease of ${before.owner} on ${what}`);
    }
  }

  #mindAppLease(actor: Actor, before: CertificateWork, after: CertificateWork | null): void {
    this.#mindLease(actor, 'the application', before, after?.owner ?? null);
  }

  async #compare(
    ledger: Ledger,
    actor: Actor,
    before: CertificateItem | undefined,
    after: CertificateItem,
  ): Promise<void> {
    const { domain } = after;
    if (before !== undefined) this.#mindLease(actor, `the wish for ${domain}`, before, after.owner);
    if (after.retryReason === 'dns_ready') this.#ready.add(domain);
    const wantsHint = after.dueAt !== null || after.toSend.length > 0;
    if (wantsHint !== (after.sendAt !== null)) {
      this.#broken.push(
        `${actor.name} leaves the wish for ${domain} ${wantsHint ? 'without a hint' : 'hinted at'}`,
      );
    }
    for (const letter of after.toSend) this.#mindLetter(after, letter);
    const waits = (item: CertificateItem | undefined) => item?.state === 'waiting-dns';
    // Waits begin anew with a word, an order, and with the wait for a customer's DNS and its end.
    const anew =
      before?.revision !== after.revision ||
      before.orderedAt !== after.orderedAt ||
      waits(before) !== waits(after);
    if (anew) this.#hints.delete(domain);
    else if (actor.name.startsWith('sweep') && before.sendAt !== after.sendAt) this.#mindHints(domain);
    if (after.reason === 'held-by-name' && before?.owner !== null) await this.#mindHeld(ledger, after);
  }

  #mindLetter(item: CertificateItem, { id, lastFailureAt }: OwedLetter): void {
    const known = this.#letters.get(id);
    if (known === undefined && item.state !== 'failed')
      this.#broken.push(`a letter while ${item.domain} is ${item.state}`);
    if (known !== undefined && known !== lastFailureAt) this.#broken.push(`two letters for one try: ${id}`);
    this.#letters.set(id, lastFailureAt);
  }

  #mindHints(domain: string): void {
    const now = this.#ssl.scheduler.now();
    const recent = (this.#hints.get(domain) ?? []).filter((at) => at > now - HOUR_MS);
    const kills = this.#kills.filter((at) => at > now - HOUR_MS).length;
    this.#hints.set(domain, [...recent, now]);
    if (recent.length >= MOST_HINTS_AN_HOUR + kills)
      this.#broken.push(`the wish for ${domain} is hinted at without end`);
  }

  /** In a world that works nobody waits for another's name for long, but for the next day's try. */
  async #mindHeld(ledger: Ledger, item: CertificateItem): Promise<void> {
    const { waits, scheduler } = this.#ssl;
    const longMs = waits.heldMs + 2 * LOOK_MS;
    const now = scheduler.now();
    if (this.healedAt === undefined || this.healedAt > now - longMs) return;
    if (item.readySince === null || item.readySince > now - longMs) return;
    const network = (await ledger.read(networkKey(item.network)))?.item;
    const orders = [...item.orders, ...(network?.certificates?.orders ?? [])];
    const today = orders.some(({ despite, at }) => despite.length > 0 && at > now - waits.dailyMs - LOOK_MS);
    if (!today) this.#broken.push(`${item.domain} is held for longer than an hour: ${item.fix}`);
  }

  watchingLetters(queue: Queue): Queue {
    const sendLetter = (letter: Letter): Promise<void> => {
      if (!this.#letters.has(letter.id))
        this.#broken.push(`letter ${letter.id} is sent before the ledger says failed`);
      return queue.sendLetter(letter);
    };
    return { ...queue, sendLetter };
  }
}
