import { Unavailable } from '../errors.ts';
import { change } from '../sync/change.ts';
import { LeaseLost, LooksCrash } from '../sync/errors.ts';
import { type CertificateItem, certificateKey, type NetworkItem, networkKey } from '../sync/items.ts';
import { sendOwedOfCertificate } from '../sync/letters.ts';
import type { Ledger } from '../sync/ports.ts';
import { serverAddressOf } from '../sync/server-address.ts';
import { amendAppOrder } from './app-lease.ts';
import { type Asking, ORDER_NEEDS_MS, openWay } from './asking.ts';
import type { AppLook } from './basic.ts';
import { ServerAddressUnknown } from './errors.ts';
import { DNS_AT_ONCE, examine, type Ready, type Surroundings } from './examine.ts';
import { inChunks } from './in-chunks.ts';
import { orderFor } from './order-for.ts';
import type { CertificateServices } from './services.ts';
import { isTrouble, leaveTrace, type Trouble, troubleEnd } from './trouble.ts';
import { type Found, WishLeases } from './wish-leases.ts';

const PAGE = 250;
/** As for domains: clocks of workers agree within as much. */
const EARLY_MS = 5_000;
const MOST_CRASHES = 5;
/** No wish is begun with less time than its DNS, its handshakes and an order may take. */
export const WISH_NEEDS_MS = ORDER_NEEDS_MS + 30_000;

const allWishes = async (ledger: Ledger, network: string): Promise<CertificateItem[]> => {
  const wishes: CertificateItem[] = [];
  let cursor: string | undefined;
  do {
    const page = await ledger.page('certificate', network, cursor, PAGE);
    wishes.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return wishes;
};

type Way =
  | { readonly asking: Asking; readonly around: Surroundings; readonly trouble?: undefined }
  | { readonly asking: Asking | undefined; readonly trouble: Trouble };

const openedWay = async (
  network: string,
  stored: NetworkItem,
  deadlineAt: number,
  s: CertificateServices,
): Promise<Way> => {
  let asking: Asking | undefined;
  try {
    asking = await openWay(network, stored, deadlineAt, s);
    const { access, certificates } = asking;
    const serverAddress = await serverAddressOf({ network, stored, access }, certificates, s);
    const { app, serverAddresses, dnsTarget } = access;
    if (serverAddress === undefined) throw new ServerAddressUnknown(app.serverId);
    return {
      asking,
      around: { serverAddress, serverAddresses: [serverAddress, ...serverAddresses], dnsTarget },
    };
  } catch (error) {
    if (!isTrouble(error)) throw error;
    return { asking, trouble: error };
  }
};

/** One look at the certificates of a network, under its lease. */
export class CertificatesLook {
  readonly #network: string;
  readonly #owner: string;
  readonly #deadlineAt: number;
  readonly #s: CertificateServices;
  readonly #leases: WishLeases;
  #orderAnswered = false;
  /** The first bug met: told to the queue once all other wishes are settled. */
  #crash: { readonly error: unknown } | undefined;

  constructor(network: string, owner: string, deadlineAt: number, services: CertificateServices) {
    this.#network = network;
    this.#owner = owner;
    this.#deadlineAt = deadlineAt;
    this.#s = {
      ...services,
      report: (fact) => {
        this.#orderAnswered ||=
          fact.kind === 'ordered' && (fact.outcome === 'accepted' || fact.outcome === 'refused');
        services.report(fact);
      },
    };
    this.#leases = new WishLeases(owner, this.#s);
  }

  /** Looks at what is due; `seen` tells wishes apart that this call has looked at already. True if there was any. */
  async run(stored: NetworkItem, seen: Map<string, number>): Promise<boolean> {
    const { ledger, clock } = this.#s;
    const wishes = await allWishes(ledger, this.#network);
    for (const item of wishes.filter(({ toSend }) => toSend.length > 0)) {
      await sendOwedOfCertificate(item, this.#s);
    }
    const due = wishes
      .filter(({ dueAt }) => dueAt !== null && dueAt <= clock.now() + EARLY_MS)
      .filter(({ domain, revision }) => seen.get(domain) !== revision)
      .toSorted((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0));
    for (const { domain, revision } of due) seen.set(domain, revision);
    if (due.length === 0) return false;
    try {
      await this.#work(due, wishes, stored);
    } catch (error) {
      await this.#leases.giveBackAll(!(error instanceof Unavailable || error instanceof LeaseLost));
      throw error;
    }
    if (this.#crash !== undefined) throw this.#crash.error;
    return true;
  }

  async #work(
    due: readonly CertificateItem[],
    wishes: CertificateItem[],
    stored: NetworkItem,
  ): Promise<void> {
    const way = await openedWay(this.#network, stored, this.#deadlineAt, this.#s);
    if (way.trouble !== undefined) {
      const trace = { network: this.#network, domain: due[0]?.domain ?? '', orderAnswered: false };
      const pause = await leaveTrace({ ...trace, asking: way.asking, trouble: way.trouble }, this.#s);
      const end = troubleEnd(way.trouble, { pause, ready: false }, this.#s);
      await this.#each(due, async () => ({ end, shown: null, wwwAskedAt: null }));
      return;
    }
    const { asking, around } = way;
    const byName = new Map(wishes.map((item) => [item.domain, item]));
    const look = { owner: this.#owner, asking, around, wishes: byName };
    const ready: { readonly wish: Ready; readonly wwwAskedAt: number | null }[] = [];
    await this.#each(due, async (item) => {
      const found = await examine(item, around, this.#s);
      if (found.kind === 'ready') {
        ready.push({ wish: found.ready, wwwAskedAt: found.wwwAskedAt });
        return undefined;
      }
      if (found.failedOrderAt !== null) await this.#failOrder(found.failedOrderAt);
      return found;
    });
    await this.#order(ready, look);
  }

  async #order(
    ready: readonly { readonly wish: Ready; readonly wwwAskedAt: number | null }[],
    look: AppLook,
  ): Promise<void> {
    const wishes = ready.map(({ wish }) => wish);
    const ordered =
      wishes.length === 0 ? { ends: new Map(), trouble: undefined } : await orderFor(wishes, look, this.#s);
    const { ends, trouble } = ordered;
    const trace = {
      network: this.#network,
      domain: wishes[0]?.item.domain ?? '',
      asking: look.asking,
      trouble,
      orderAnswered: this.#orderAnswered,
    };
    const pause = await leaveTrace(trace, this.#s);
    for (const { wish, wwwAskedAt } of ready) {
      const end = ends.get(wish) ?? (trouble && troubleEnd(trouble, { pause, ready: true }, this.#s));
      if (end === undefined) throw new Error(`The wish for ${wish.item.domain} has no end`);
      await this.#settle(wish.item, { end, shown: wish.shown, wwwAskedAt });
    }
  }

  /** Takes each wish while there is time, and settles it by what `work` finds; undefined: it is settled later. */
  async #each(
    due: readonly CertificateItem[],
    work: (item: CertificateItem) => Promise<Found | undefined>,
  ): Promise<void> {
    const left = await inChunks(due, DNS_AT_ONCE, async (stored) => {
      if (this.#s.clock.now() > this.#deadlineAt - WISH_NEEDS_MS) return stored;
      const item = await this.#leases.take(stored);
      if (item === undefined) return undefined;
      try {
        const found = item.crashes >= MOST_CRASHES ? this.#givenUp() : await work(item);
        if (found !== undefined) await this.#settle(item, found);
      } catch (error) {
        if (error instanceof Unavailable || error instanceof LeaseLost) throw error;
        await this.#leases.crashed(item, error);
        this.#crash ??= { error };
      }
      return undefined;
    });
    const [first] = left.filter((item) => item !== undefined);
    if (first !== undefined) await this.#sendSoon(first);
  }

  #givenUp(): Found {
    const { code, message } = new LooksCrash(`${MOST_CRASHES} looks in a row ended without an outcome`);
    const fix =
      'Look at the logs of secure-domains; the relay looks again daily, and at once after an ssl_retry';
    return {
      end: { kind: 'failed', reason: 'order-failed', fix, error: { code, message } },
      shown: null,
      wwwAskedAt: null,
    };
  }

  async #settle(item: CertificateItem, found: Found): Promise<void> {
    const settled = await this.#leases.settle(item, found);
    if (settled !== undefined && settled.toSend.length > 0) await sendOwedOfCertificate(settled, this.#s);
  }

  /** An order for the whole application, or for one domain alone: whichever was made at that moment. */
  async #failOrder(at: number): Promise<void> {
    await change(this.#s.ledger, networkKey(this.#network), amendAppOrder(at, 'failed'));
  }

  /** One hint brings a look at all that was left for want of time. */
  async #sendSoon({ network, domain }: CertificateItem): Promise<void> {
    const now = this.#s.clock.now();
    await change(this.#s.ledger, certificateKey(network, domain), (item) =>
      item === undefined || item.dueAt === null || (item.sendAt ?? 0) <= now
        ? { result: undefined }
        : { write: { ...item, sendAt: now }, result: undefined },
    );
  }
}
