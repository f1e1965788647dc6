import { Unavailable, UnreadableItem } from '../errors.ts';
import { LeaseLost, MOST_CRASHES } from '../sync/ledger/errors.ts';
import { inBatchesWithinReach, type Reach } from '../sync/ledger/in-batches.ts';
import type { CertificateItem } from '../sync/ledger/items/certificate-item.ts';
import { networkKey } from '../sync/ledger/keys.ts';
import type { Stored } from '../sync/ledger/ports.ts';
import type { Access, App } from '../sync/ledger/runcloud-ports.ts';
import { unlessUnreadable } from '../sync/ledger/unreadable.ts';
import type { Followed } from '../sync/ledger/updates/followed.ts';
import { hasLeft } from '../sync/network/claim.ts';
import { DNS_AT_ONCE } from './checks/check-certificate.ts';
import type { LateEnds } from './late-ends.ts';
import { type CertificateFindings, CertificateLeases } from './leases.ts';
import { type Waiting, waitsForMessage } from './next-message.ts';
import { givenUp } from './outcome/given-up.ts';
import type { CertificateServices } from './services.ts';
import { ORDER_NEEDS_MS } from './session.ts';

/** A request is begun only with the time that its DNS, its handshakes and an order may take. */
export const CHECK_NEEDS_MS = ORDER_NEEDS_MS + 30_000;

export interface BatchTerms {
  readonly network: string;
  readonly owner: string;
  readonly deadlineAt: number;
  /** Revisions of the requests that this call has already checked, by name. */
  readonly seen: Map<string, number>;
  /** Names of those among them that are due again at once, mostly because the time of the call was over. */
  readonly dueAgain: Set<string>;
  /** Those that wait for the message of this call. */
  readonly waiting: Map<string, Waiting>;
  /** This call may send the message of the next one. */
  readonly maySend: boolean;
  /** Requests that this call could not read. */
  readonly unreadable: Set<string>;
  /** What this call has met of the ledger. */
  readonly reach: Reach;
  readonly lateEnds: LateEnds;
}

/** A failure that the requests of the batch did not cause. */
function isNoCrash(error: unknown): boolean {
  return error instanceof Unavailable || error instanceof LeaseLost || error instanceof UnreadableItem;
}

/** The requests that one batch takes, each under its own lease until it is settled or released. */
export class BatchRequests {
  readonly #terms: BatchTerms;
  readonly #s: CertificateServices;
  readonly #leases: CertificateLeases;
  readonly #settled = new Map<string, CertificateItem>();
  #crash: { readonly error: unknown } | undefined;

  constructor(terms: BatchTerms, services: CertificateServices) {
    this.#terms = terms;
    this.#s = services;
    this.#leases = new CertificateLeases(terms, services);
  }

  /** A request that was read before, as this batch has settled it. */
  latest(read: CertificateItem): CertificateItem {
    return this.#settled.get(read.domain) ?? read;
  }

  /** The first bug of the batch. It is thrown once all other requests are settled. */
  get crash(): { readonly error: unknown } | undefined {
    return this.#crash;
  }

  /** The network's secret was read. */
  opened(access: Pick<Access, 'tellsOutcomes'>): void {
    this.#leases.opened(access);
  }

  /** The check of a request has asked about its `www.`; null: it has not. */
  wwwAsked(domain: string, at: number | null): void {
    this.#leases.wwwAsked(domain, at);
  }

  /** A request of the batch, as it goes on with it. */
  requestOf(domain: string): Followed<'certificate'> {
    return this.#leases.requestOf({ network: this.#terms.network, domain });
  }

  /** Releases what was not settled: it was out of reach for a moment. A lease that cannot be released ends by itself. */
  releaseLeft(): Promise<void> {
    return this.#leases.releaseAll({ crashed: false, delayMs: this.#s.delays.releasedMs });
  }

  /** The same after an error that has ended the whole batch. An item that cannot be read stays so for longer than minutes. */
  releaseAfter(error: unknown): Promise<void> {
    const { releasedMs, resendMs } = this.#s.delays;
    const delayMs = error instanceof UnreadableItem ? resendMs : releasedMs;
    return this.#leases.releaseAll({ crashed: !isNoCrash(error), delayMs });
  }

  /**
   * Takes each request while there is time, and settles it with what `work` finds; undefined: it is settled later. Ten requests
   * share one check that the network still has `app`. The check follows the leases, because a later move raises the revisions.
   */
  async each(
    due: readonly Stored<CertificateItem>[],
    app: App | undefined,
    work: (item: CertificateItem) => Promise<CertificateFindings | undefined>,
  ): Promise<void> {
    const { reach } = this.#terms;
    for (let start = 0; start < due.length; start += DNS_AT_ONCE) {
      const slice = due.slice(start, start + DNS_AT_ONCE);
      const chunk = await inBatchesWithinReach(slice, DNS_AT_ONCE, (item) => this.#take(item), reach);
      const taken = chunk.filter((item) => item !== undefined);
      if (app !== undefined && taken.length > 0) await this.#assertClaimed(app);
      await inBatchesWithinReach(taken, DNS_AT_ONCE, (item) => this.#workOn(item, work), reach);
    }
  }

  async #take(stored: Stored<CertificateItem>): Promise<CertificateItem | undefined> {
    if (this.#s.clock.now() > this.#terms.deadlineAt - CHECK_NEEDS_MS) return undefined;
    const { domain, revision } = stored.item;
    this.#terms.seen.set(domain, revision);
    try {
      return await unlessUnreadable(() => this.#leases.take(stored));
    } catch (error) {
      // Left out, it would wait for the sweep's next message, which may be an hour away.
      if (error instanceof Unavailable) this.#terms.dueAgain.add(domain);
      throw error;
    }
  }

  async #assertClaimed(app: App): Promise<void> {
    const network = (await this.#s.ledger.read(networkKey(this.#terms.network)))?.item;
    if (hasLeft(network, app)) throw new LeaseLost();
  }

  async #workOn(
    item: CertificateItem,
    work: (item: CertificateItem) => Promise<CertificateFindings | undefined>,
  ): Promise<void> {
    try {
      const found = item.crashes >= MOST_CRASHES ? givenUp() : await work(item);
      if (found !== undefined) await this.settle(item, found);
    } catch (error) {
      if (error instanceof Unavailable || error instanceof LeaseLost) throw error;
      await this.crashed(item, error);
    }
  }

  /** Only the request itself counts the crash. A lost lease belongs to another worker; an unreadable item is waited for. */
  async crashed(item: CertificateItem, error: unknown): Promise<void> {
    if (error instanceof LeaseLost) return;
    if (error instanceof UnreadableItem) {
      await unlessUnreadable(() => this.#leases.letGo(item));
      return;
    }
    await unlessUnreadable(() => this.#leases.crashed(item, error));
    this.#crash ??= { error };
  }

  async settle(item: CertificateItem, found: CertificateFindings): Promise<void> {
    this.#terms.waiting.delete(item.domain);
    const settled = await unlessUnreadable(() => this.#leases.settle(item, found));
    if (settled === undefined) return;
    const { network, domain, dueAt } = settled;
    if (dueAt !== null && waitsForMessage(settled, this.#s.delays))
      this.#terms.waiting.set(domain, { network, domain, dueAt });
    this.#settled.set(domain, settled);
    if (settled.dueAt !== null && settled.dueAt <= this.#s.clock.now()) this.#terms.dueAgain.add(item.domain);
  }
}
