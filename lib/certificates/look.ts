import { RelayError, Unavailable } from '../errors.ts';
import { change } from '../sync/change.ts';
import { LeaseLost } from '../sync/errors.ts';
import { type CertificateItem, certificateKey, type NetworkItem, networkKey } from '../sync/items.ts';
import { EARLY_MS } from '../sync/lease.ts';
import { sendOwedOfCertificate } from '../sync/letters.ts';
import type { Ledger } from '../sync/ports.ts';
import { amendAppOrder, provenAppOrder } from './app-lease.ts';
import { ORDER_NEEDS_MS } from './asking.ts';
import type { AppLook } from './basic.ts';
import { DNS_AT_ONCE, type Examined, examine, type Ready } from './examine.ts';
import { givenUp, MOST_CRASHES } from './given-up.ts';
import { inChunks } from './in-chunks.ts';
import { NOTHING_ORDERED, orderFor } from './order-for.ts';
import type { CertificateFact, CertificateServices } from './services.ts';
import { leaveTrace, type Trouble, troubleEnd } from './trouble.ts';
import { openedWay, unlessRotated } from './way.ts';
import { type Found, WishLeases } from './wish-leases.ts';

const PAGE = 250;
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

interface ReadyWish {
  readonly wish: Ready;
  readonly wwwAskedAt: number | null;
}

/** A yes, or a no to that very order: who may not write at all has learnt nothing of it. */
const answersOrder = (fact: CertificateFact): boolean => {
  if (fact.kind !== 'ordered') return false;
  const { outcome, error } = fact;
  return (
    outcome === 'accepted' ||
    (outcome === 'refused' && error instanceof RelayError && error.failure === 'refused')
  );
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
        this.#orderAnswered ||= answersOrder(fact);
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
    const ready: ReadyWish[] = [];
    let silent: Trouble | undefined;
    const met = (trouble: Trouble): void => {
      silent ??= trouble;
    };
    await this.#each(due, async (item) => {
      const found = await examine(item, around, { asking, met }, this.#s);
      if (found.kind === 'ready') {
        ready.push({ wish: found.ready, wwwAskedAt: found.wwwAskedAt });
        return undefined;
      }
      await this.#noteOrder(item, found);
      return found;
    });
    await this.#order(ready, silent, look);
  }

  async #order(ready: readonly ReadyWish[], met: Trouble | undefined, look: AppLook): Promise<void> {
    const wishes = ready.map(({ wish }) => wish);
    const ordered = wishes.length === 0 ? NOTHING_ORDERED : await orderFor(wishes, look, this.#s);
    const { ends, crashes } = ordered;
    const first = met ?? ordered.trouble;
    const trouble = first && (await unlessRotated(first, look.asking, this.#s));
    const trace = {
      network: this.#network,
      domain: wishes[0]?.item.domain ?? '',
      asking: look.asking,
      trouble,
      orderAnswered: this.#orderAnswered,
    };
    const pause = await leaveTrace(trace, this.#s);
    for (const { wish, wwwAskedAt } of ready) {
      const { item, shown } = wish;
      const end = ends.get(wish) ?? (trouble && troubleEnd(trouble, { pause, ready: true }, this.#s));
      if (crashes.has(wish)) await this.#crashed(item, crashes.get(wish));
      else if (end !== undefined) await this.#settle(item, { end, shown, wwwAskedAt });
      else throw new Error(`The wish for ${item.domain} has no end`);
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
        const found = item.crashes >= MOST_CRASHES ? givenUp() : await work(item);
        if (found !== undefined) await this.#settle(item, found);
      } catch (error) {
        if (error instanceof Unavailable || error instanceof LeaseLost) throw error;
        await this.#crashed(item, error);
      }
      return undefined;
    });
    const [first] = left.filter((item) => item !== undefined);
    if (first !== undefined) await this.#sendSoon(first);
  }

  /** It alone counts a crash; the others go on. One that lost its lease is somebody else's by now. */
  async #crashed(item: CertificateItem, error: unknown): Promise<void> {
    if (error instanceof LeaseLost) return;
    await this.#leases.crashed(item, error);
    this.#crash ??= { error };
  }

  async #settle(item: CertificateItem, found: Found): Promise<void> {
    const settled = await this.#leases.settle(item, found);
    if (settled !== undefined && settled.toSend.length > 0) await sendOwedOfCertificate(settled, this.#s);
  }

  /** What a wish shows of the order it waited for. In advanced mode the order is its own, and no other is found here. */
  async #noteOrder({ orderedAt }: CertificateItem, found: Examined & { kind: 'ended' }): Promise<void> {
    const key = networkKey(this.#network);
    if (found.failedOrderAt !== null) {
      await change(this.#s.ledger, key, amendAppOrder(found.failedOrderAt, 'failed'));
    }
    if (found.end.kind === 'valid' && orderedAt !== null) {
      await change(this.#s.ledger, key, provenAppOrder(orderedAt));
    }
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
