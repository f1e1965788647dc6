import { Unavailable, UnreadableItem } from '../errors.ts';
import type { CertificateItem } from '../sync/ledger/certificate-item.ts';
import { sendDeadLetters } from '../sync/ledger/dead-letters.ts';
import { LeaseLost, MOST_CRASHES } from '../sync/ledger/errors.ts';
import { inBatches } from '../sync/ledger/in-batches.ts';
import { networkKey } from '../sync/ledger/keys.ts';
import type { NetworkItem } from '../sync/ledger/network-item.ts';
import type { App } from '../sync/ledger/ports.ts';
import { unlessUnreadable } from '../sync/ledger/unreadable.ts';
import { updateItem } from '../sync/ledger/update.ts';
import { type CheckResult, checkCertificate, DNS_AT_ONCE, type Ready } from './checks/check-certificate.ts';
import { dueCertificates } from './due.ts';
import { type Interruption, recordInterruption, resultOfInterruption } from './interruption.ts';
import { type CertificateFindings, CertificateLeases } from './leases.ts';
import { amendAppOrder, hasLeft, issuedAppOrder } from './order-log/application.ts';
import { amendCountedOrder } from './order-log/counts.ts';
import type { BatchContext } from './orders/basic.ts';
import { NOTHING_ORDERED, orderFor } from './orders/by-mode.ts';
import { givenUp } from './outcome/given-up.ts';
import { openServerContext, withRotatedCredential } from './server-context.ts';
import type { CertificateServices } from './services.ts';
import { ORDER_NEEDS_MS } from './session.ts';

/** So many requests are held in memory at a time; the next pass takes the next ones. */
const AT_A_TIME = 250;
const LETTERS_AT_ONCE = 10;
/** What the SDK may take over one dead letter and its note, with all its tries, and the end of the lease. */
const LETTER_NEEDS_MS = 30_000;
/** No request is begun with less time than its DNS, its handshakes and an order may take. */
export const CHECK_NEEDS_MS = ORDER_NEEDS_MS + 30_000;

interface ReadyRequest {
  readonly request: Ready;
  readonly wwwAskedAt: number | null;
}

interface BatchTerms {
  readonly network: string;
  readonly owner: string;
  readonly deadlineAt: number;
  /** Revisions of the requests that this call has looked at already, by name. */
  readonly seen: Map<string, number>;
  /** Requests that this call could not read. */
  readonly unreadable: Set<string>;
}

/** Nothing that the requests of a look have done. */
function isNoCrash(error: unknown): boolean {
  return error instanceof Unavailable || error instanceof LeaseLost || error instanceof UnreadableItem;
}

/** One look at the certificates of a network, under its lease. */
export class CertificateBatch {
  readonly #network: string;
  readonly #owner: string;
  readonly #deadlineAt: number;
  readonly #seen: Map<string, number>;
  readonly #unreadable: Set<string>;
  readonly #s: CertificateServices;
  readonly #leases: CertificateLeases;
  /** Settled, with a dead letter to be sent. */
  readonly #owing: CertificateItem[] = [];
  /** The first bug met: told to the queue once all other requests are settled. */
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

  /** Looks at what is due. True if there was any. */
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
    if (this.#crash !== undefined) throw this.#crash.error;
    return due.length > 0;
  }

  /** After the work, which must not wait for a queue that is away. What there is no time for, the sweep comes back to. */
  async #sendDeadLetters(owing: readonly CertificateItem[]): Promise<void> {
    await inBatches(owing, LETTERS_AT_ONCE, async (item) => {
      if (this.#s.clock.now() > this.#deadlineAt - LETTER_NEEDS_MS) return;
      await unlessUnreadable(() => sendDeadLetters('certificate', item, this.#s));
    });
  }

  async #work(due: readonly CertificateItem[], stored: NetworkItem): Promise<void> {
    const opened = await openServerContext(this.#network, stored, this.#deadlineAt, this.#s);
    if (opened.interruption !== undefined) {
      const trace = { network: this.#network, domain: due[0]?.domain ?? '', orderAnswered: false };
      const pause = await recordInterruption(
        { ...trace, session: opened.session, interruption: opened.interruption },
        this.#s,
      );
      const result = resultOfInterruption(opened.interruption, { pause, ready: false }, this.#s);
      await this.#each(due, undefined, async () => ({ result, shown: null, wwwAskedAt: null }));
      return;
    }
    const { session, serverContext } = opened;
    const wasSilent = (stored.silence?.since ?? null) !== null;
    const context = { owner: this.#owner, session, serverContext };
    const ready: ReadyRequest[] = [];
    let silent: Interruption | undefined;
    const onInterruption = (interruption: Interruption): void => {
      silent ??= interruption;
    };
    await this.#each(due, session.access.app, async (item) => {
      const found = await checkCertificate(
        item,
        serverContext,
        { session, onInterruption, wasSilent },
        this.#s,
      );
      if (found.kind === 'ready') {
        ready.push({ request: found.ready, wwwAskedAt: found.wwwAskedAt });
        return undefined;
      }
      await this.#noteOrder(item, found);
      return found;
    });
    await this.#order(ready, silent, context);
  }

  async #order(
    ready: readonly ReadyRequest[],
    onInterruption: Interruption | undefined,
    context: BatchContext,
  ): Promise<void> {
    const requests = ready.map(({ request }) => request);
    const ordered = requests.length === 0 ? NOTHING_ORDERED : await orderFor(requests, context, this.#s);
    const { results, crashes } = ordered;
    const first = onInterruption ?? ordered.interruption;
    const interruption =
      first && (await withRotatedCredential(first, context.session, this.#deadlineAt, this.#s));
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
      else if (result !== undefined) await this.#settle(item, { result, shown, wwwAskedAt });
      else throw new Error(`The request for ${item.domain} has no end`);
    }
  }

  /**
   * Takes each request while there is time, and settles it by what `work` finds at `app`; undefined: it is settled later. Ten
   * requests share the question whether the network still has that application. It is asked after they are taken: what moves
   * later raises their revisions.
   */
  async #each(
    due: readonly CertificateItem[],
    app: App | undefined,
    work: (item: CertificateItem) => Promise<CertificateFindings | undefined>,
  ): Promise<void> {
    for (let start = 0; start < due.length; start += DNS_AT_ONCE) {
      const chunk = await inBatches(due.slice(start, start + DNS_AT_ONCE), DNS_AT_ONCE, (item) =>
        this.#take(item),
      );
      const taken = chunk.filter((item) => item !== undefined);
      if (app !== undefined && taken.length > 0) await this.#assertClaimed(app);
      await inBatches(taken, DNS_AT_ONCE, (item) => this.#workOn(item, work));
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

  /**
   * It alone counts a crash; the others go on. One that lost its lease is somebody else's by now, and one that met an item that
   * cannot be read waits for it.
   */
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

  /** Of an older order for the application only this request's name is known. */
  async #noteFailedOrder({ domain, orders }: CertificateItem, at: number): Promise<void> {
    const { ledger } = this.#s;
    const forApp = await updateItem(ledger, networkKey(this.#network), amendAppOrder(at, 'failed'));
    const set = forApp?.set ?? orders.find((order) => order.at === at)?.set;
    if (set === undefined) return;
    const names = [domain, ...(forApp?.names ?? [])];
    await amendCountedOrder({ network: this.#network, at, set, names }, 'failed', ledger);
  }

  /** What a request shows of the order it waited for. In advanced mode the order is its own, and no other is found here. */
  async #noteOrder(item: CertificateItem, found: CheckResult & { kind: 'ended' }): Promise<void> {
    const key = networkKey(this.#network);
    const { orderedAt } = item;
    if (found.failedOrderAt !== null) await this.#noteFailedOrder(item, found.failedOrderAt);
    if (found.result.kind === 'valid' && orderedAt !== null) {
      await updateItem(this.#s.ledger, key, issuedAppOrder(orderedAt));
    }
  }
}
