import { Unavailable, UnreadableItem } from '../errors.ts';
import type { CertificateItem } from '../sync/ledger/certificate-item.ts';
import { sendDeadLetters } from '../sync/ledger/dead-letters.ts';
import { LeaseLost, MOST_CRASHES } from '../sync/ledger/errors.ts';
import { inBatches, inBatchesWithinReach } from '../sync/ledger/in-batches.ts';
import { networkKey } from '../sync/ledger/keys.ts';
import type { NetworkItem } from '../sync/ledger/network-item.ts';
import type { App } from '../sync/ledger/ports.ts';
import { unlessUnreadable } from '../sync/ledger/unreadable.ts';
import { checkCertificate, DNS_AT_ONCE, type Ready } from './checks/check-certificate.ts';
import { dueCertificates } from './due.ts';
import { type Interruption, recordInterruption, resultOfInterruption } from './interruption.ts';
import { type CertificateFindings, CertificateLeases } from './leases.ts';
import { hasLeft } from './order-log/application.ts';
import { noteOrder } from './order-log/note-order.ts';
import type { BatchContext } from './orders/basic.ts';
import { NOTHING_ORDERED, orderFor } from './orders/by-mode.ts';
import { givenUp } from './outcome/given-up.ts';
import { openServerContext, withRotatedCredential } from './server-context.ts';
import type { CertificateServices } from './services.ts';
import { type CertificateSession, ORDER_NEEDS_MS } from './session.ts';

/** Requests held in memory at a time. The next pass takes the next ones. */
const AT_A_TIME = 250;
const DEAD_LETTERS_AT_ONCE = 10;
/** The longest time for one dead letter and its record with all tries of the SDK, and for the release of the lease. */
const DEAD_LETTER_NEEDS_MS = 30_000;
/** A request is begun only with the time that its DNS, its handshakes and an order may take. */
export const CHECK_NEEDS_MS = ORDER_NEEDS_MS + 30_000;

interface ReadyRequest {
  readonly request: Ready;
  readonly wwwAskedAt: number | null;
}

interface BatchTerms {
  readonly network: string;
  readonly owner: string;
  readonly deadlineAt: number;
  /** Revisions of the requests that this call has already checked, by name. */
  readonly seen: Map<string, number>;
  /** Requests that this call could not read. */
  readonly unreadable: Set<string>;
}

/** A failure that the requests of the pass did not cause. */
function isNoCrash(error: unknown): boolean {
  return error instanceof Unavailable || error instanceof LeaseLost || error instanceof UnreadableItem;
}

/** One pass over the due certificates of a network, under its lease: check each, order for all that are ready, settle each. */
export class CertificateBatch {
  readonly #network: string;
  readonly #owner: string;
  readonly #deadlineAt: number;
  readonly #seen: Map<string, number>;
  readonly #unreadable: Set<string>;
  readonly #s: CertificateServices;
  readonly #leases: CertificateLeases;
  /** Settled requests with a dead letter to send. */
  readonly #owing: CertificateItem[] = [];
  /** The first bug of the pass. It is thrown once all other requests are settled. */
  #crash: { readonly error: unknown } | undefined;

  constructor({ network, owner, deadlineAt, seen, unreadable }: BatchTerms, services: CertificateServices) {
    this.#network = network;
    this.#owner = owner;
    this.#deadlineAt = deadlineAt;
    this.#seen = seen;
    this.#unreadable = unreadable;
    this.#s = services;
    this.#leases = new CertificateLeases(owner, deadlineAt, services);
  }

  /** Works on the due requests. True if there were any. */
  async run(stored: NetworkItem): Promise<boolean> {
    const terms = { network: this.#network, seen: this.#seen, unreadable: this.#unreadable };
    const { due, owing, fault } = await dueCertificates({ ...terms, most: AT_A_TIME }, this.#s);
    this.#crash = fault;
    try {
      if (due.length > 0) await this.#work(due, stored);
    } catch (error) {
      await this.#leases.releaseAll(!isNoCrash(error));
      throw error;
    }
    await this.#sendDeadLetters([...owing, ...this.#owing]);
    // Those that were out of reach for a moment.
    await this.#leases.releaseAll(false);
    if (this.#crash !== undefined) throw this.#crash.error;
    return due.length > 0;
  }

  async #work(due: readonly CertificateItem[], stored: NetworkItem): Promise<void> {
    const opened = await openServerContext(this.#network, stored, this.#deadlineAt, this.#s);
    if (opened.interruption !== undefined) return this.#settleAll(due, opened.interruption, opened.session);
    const { session, serverContext } = opened;
    const wasSilent = (stored.silence?.since ?? null) !== null;
    const ready: ReadyRequest[] = [];
    let interruption: Interruption | undefined;
    const onInterruption = (first: Interruption): void => {
      interruption ??= first;
    };
    await this.#each(due, session.access.app, async (item) => {
      const terms = { session, onInterruption, wasSilent };
      const found = await checkCertificate(item, serverContext, terms, this.#s);
      if (found.kind === 'ready') {
        ready.push({ request: found.ready, wwwAskedAt: found.wwwAskedAt });
        return undefined;
      }
      return { ...found, result: await noteOrder(item, found, this.#s.ledger) };
    });
    await this.#order(ready, interruption, { owner: this.#owner, session, serverContext });
  }

  /** RunCloud could not be asked at all: every request ends with the reason. */
  async #settleAll(
    due: readonly CertificateItem[],
    interruption: Interruption,
    session: CertificateSession | undefined,
  ): Promise<void> {
    const domain = due[0]?.domain ?? '';
    const trace = { network: this.#network, domain, session, interruption, orderAnswered: false };
    const pause = await recordInterruption(trace, this.#s);
    const result = resultOfInterruption(interruption, { pause, ready: false }, this.#s);
    await this.#each(due, undefined, async () => ({
      result,
      shown: null,
      wwwAskedAt: null,
      pointsHere: false,
    }));
  }

  async #order(
    ready: readonly ReadyRequest[],
    fromChecks: Interruption | undefined,
    context: BatchContext,
  ): Promise<void> {
    const requests = ready.map(({ request }) => request);
    const ordered = requests.length === 0 ? NOTHING_ORDERED : await orderFor(requests, context, this.#s);
    const { results, crashes } = ordered;
    const first = fromChecks ?? ordered.interruption;
    const interruption = first && (await withRotatedCredential(first, context.session, this.#s));
    const trace = {
      network: this.#network,
      domain: requests[0]?.item.domain ?? '',
      session: context.session,
      interruption,
      orderAnswered: ordered.answered,
    };
    const pause = await recordInterruption(trace, this.#s);
    for (const { request, wwwAskedAt } of ready) {
      const { item, shown } = request;
      const result =
        results.get(request) ??
        (interruption && resultOfInterruption(interruption, { pause, ready: true }, this.#s));
      if (crashes.has(request)) await this.#crashed(item, crashes.get(request));
      else if (result !== undefined)
        await this.#settle(item, { result, shown, wwwAskedAt, pointsHere: true });
      else throw new Error(`The request for ${item.domain} has no result`);
    }
  }

  /**
   * Takes each request while there is time, and settles it with what `work` finds; undefined: it is settled later. Ten requests
   * share one check that the network still has `app`. The check follows the leases, because a later move raises the revisions.
   */
  async #each(
    due: readonly CertificateItem[],
    app: App | undefined,
    work: (item: CertificateItem) => Promise<CertificateFindings | undefined>,
  ): Promise<void> {
    for (let start = 0; start < due.length; start += DNS_AT_ONCE) {
      const chunk = await inBatchesWithinReach(due.slice(start, start + DNS_AT_ONCE), DNS_AT_ONCE, (item) =>
        this.#take(item),
      );
      const taken = chunk.filter((item) => item !== undefined);
      if (app !== undefined && taken.length > 0) await this.#assertClaimed(app);
      await inBatchesWithinReach(taken, DNS_AT_ONCE, (item) => this.#workOn(item, work));
    }
  }

  async #take(stored: CertificateItem): Promise<CertificateItem | undefined> {
    if (this.#s.clock.now() > this.#deadlineAt - CHECK_NEEDS_MS) return undefined;
    this.#seen.set(stored.domain, stored.revision);
    return unlessUnreadable(() => this.#leases.take(stored));
  }

  async #assertClaimed(app: App): Promise<void> {
    const network = (await this.#s.ledger.read(networkKey(this.#network)))?.item;
    if (hasLeft(network, app)) throw new LeaseLost();
  }

  async #workOn(
    item: CertificateItem,
    work: (item: CertificateItem) => Promise<CertificateFindings | undefined>,
  ): Promise<void> {
    try {
      const found = item.crashes >= MOST_CRASHES ? givenUp() : await work(item);
      if (found !== undefined) await this.#settle(item, found);
    } catch (error) {
      if (error instanceof Unavailable || error instanceof LeaseLost) throw error;
      await this.#crashed(item, error);
    }
  }

  /** Only the request itself counts the crash. A lost lease belongs to another worker; an unreadable item is waited for. */
  async #crashed(item: CertificateItem, error: unknown): Promise<void> {
    if (error instanceof LeaseLost) return;
    if (error instanceof UnreadableItem) {
      await unlessUnreadable(() => this.#leases.letGo(item));
      return;
    }
    await unlessUnreadable(() => this.#leases.crashed(item, error));
    this.#crash ??= { error };
  }

  async #settle(item: CertificateItem, found: CertificateFindings): Promise<void> {
    const settled = await unlessUnreadable(() => this.#leases.settle(item, found));
    if (settled !== undefined && settled.toSend.length > 0) this.#owing.push(settled);
  }

  /** Comes last, so that no work waits for a queue that is away. The sweep returns to what there is no time for. */
  async #sendDeadLetters(owing: readonly CertificateItem[]): Promise<void> {
    await inBatches(owing, DEAD_LETTERS_AT_ONCE, async (item) => {
      if (this.#s.clock.now() > this.#deadlineAt - DEAD_LETTER_NEEDS_MS) return;
      await unlessUnreadable(() => sendDeadLetters('certificate', item, this.#s));
    });
  }
}
