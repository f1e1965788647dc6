import { inBatches, inBatchesWithinReach } from '../sync/ledger/in-batches.ts';
import type { CertificateItem } from '../sync/ledger/items/certificate-item.ts';
import type { Stored } from '../sync/ledger/ports.ts';
import { unlessUnreadable } from '../sync/ledger/unreadable.ts';
import { sendOwed } from '../sync/outcomes/send-owed.ts';
import { BatchRequests, type BatchTerms } from './batch-requests.ts';
import type { Ready } from './checks/check-certificate.ts';
import { checkAtServer, ServerOfPass } from './checks/server-of-pass.ts';
import type { DueCertificates } from './due.ts';
import { type Interruption, recordInterruption, resultOfInterruption } from './interruption.ts';
import type { AppLease } from './order-log/app-orders.ts';
import { noteOrder } from './order-log/note-order.ts';
import type { BatchContext } from './orders/basic.ts';
import { NOTHING_ORDERED, orderFor } from './orders/by-mode.ts';
import { openServerContext, withRotatedCredential } from './server-context.ts';
import type { CertificateServices } from './services.ts';
import type { CertificateSession } from './session.ts';

const SETTLED_AT_ONCE = 10;
const DEAD_LETTERS_AT_ONCE = 10;
/** The longest time for one dead letter and its record with all tries of the SDK, and for the release of the lease. */
const DEAD_LETTER_NEEDS_MS = 30_000;
interface ReadyRequest {
  readonly request: Ready;
  readonly wwwAskedAt: number | null;
}

/** One pass over the due certificates of a network, under its lease: check each, order for all that are ready, settle each. */
export class CertificateBatch {
  readonly #terms: BatchTerms;
  readonly #held: AppLease;
  readonly #s: CertificateServices;
  readonly #requests: BatchRequests;

  constructor(terms: BatchTerms, held: AppLease, services: CertificateServices) {
    this.#terms = terms;
    this.#held = held;
    this.#s = services;
    this.#requests = new BatchRequests(terms, services);
  }

  /** Works on the due requests. */
  async run({ due, owing, fault }: DueCertificates): Promise<void> {
    const failure = await this.#tryWork(due);
    try {
      // Also where the work has failed, and for the requests that it has failed for: an item that it needs may be out of use for hours.
      const read = [...owing, ...due.map(({ item }) => item)];
      await this.#sendOwed(read.map((item) => this.#requests.latest(item)));
    } catch (error) {
      if (failure === undefined) throw error;
    } finally {
      await this.#requests.releaseLeft();
    }
    const crash = failure ?? fault ?? this.#requests.crash;
    if (crash !== undefined) throw crash.error;
  }

  async #tryWork(due: readonly Stored<CertificateItem>[]): Promise<{ readonly error: unknown } | undefined> {
    try {
      if (due.length > 0) await this.#work(due);
      return undefined;
    } catch (error) {
      await this.#requests.releaseAfter(error);
      return { error };
    }
  }

  async #work(due: readonly Stored<CertificateItem>[]): Promise<void> {
    const { orders, network } = this.#held;
    const stored = network.last();
    const opened = await openServerContext(this.#terms.network, stored, this.#terms.deadlineAt, this.#s);
    if (opened.interruption !== undefined) return this.#settleAll(due, opened.interruption, opened.session);
    const { session } = opened;
    const server = new ServerOfPass(opened.serverContext, opened.moved);
    this.#requests.opened(session.access);
    orders.workFor(session.access.app);
    const wasSilent = (stored?.silence?.since ?? null) !== null;
    const ready: ReadyRequest[] = [];
    let interruption: Interruption | undefined;
    const onInterruption = (first: Interruption): void => {
      interruption ??= first;
    };
    await this.#requests.each(due, session.access.app, async (item) => {
      const terms = { session, orders, onInterruption, wasSilent };
      const found = await checkAtServer(item, server, terms, this.#s);
      this.#requests.wwwAsked(item.domain, found.wwwAskedAt);
      if (found.kind === 'ready') {
        ready.push({ request: found.ready, wwwAskedAt: found.wwwAskedAt });
        return undefined;
      }
      return { ...found, result: await noteOrder(item, found, { ledger: this.#s.ledger, orders }) };
    });
    await this.#order(ready, interruption, {
      ...this.#held,
      owner: this.#terms.owner,
      session,
      serverContext: server.current,
      requestOf: (domain) => this.#requests.requestOf(domain),
    });
  }

  /** RunCloud could not be asked at all: every request ends with the reason. */
  async #settleAll(
    due: readonly Stored<CertificateItem>[],
    interruption: Interruption,
    session: CertificateSession | undefined,
  ): Promise<void> {
    const trace = {
      network: this.#terms.network,
      domain: due[0]?.item.domain ?? '',
      session,
      interruption,
      orderAnswered: false,
      followed: this.#held.network,
    };
    const pause = await recordInterruption(trace, this.#s);
    const result = resultOfInterruption(interruption, { pause, ready: false }, this.#s);
    await this.#requests.each(due, undefined, async () => ({
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
    const { results, crashes, outOfReach } = ordered;
    const first = fromChecks ?? ordered.interruption;
    const interruption = first && (await withRotatedCredential(first, context.session, this.#s));
    const trace = {
      network: this.#terms.network,
      domain: requests[0]?.item.domain ?? '',
      session: context.session,
      interruption,
      orderAnswered: ordered.answered,
      followed: this.#held.network,
    };
    const pause = await recordInterruption(trace, this.#s);
    const left = ready.filter(({ request }) => !outOfReach.has(request));
    await inBatches(left, SETTLED_AT_ONCE, async ({ request, wwwAskedAt }) => {
      const { item, shown } = request;
      const result =
        results.get(request) ??
        (interruption && resultOfInterruption(interruption, { pause, ready: true }, this.#s));
      if (crashes.has(request)) await this.#requests.crashed(item, crashes.get(request));
      else if (result !== undefined)
        await this.#requests.settle(item, { result, shown, wwwAskedAt, pointsHere: true });
      else throw new Error(`The request for ${item.domain} has no result`);
    });
  }

  /** Comes last, so that no work waits for a queue that is away. The sweep returns to what there is no time for. */
  async #sendOwed(requests: readonly CertificateItem[]): Promise<void> {
    const owing = requests.filter(({ toSend }) => toSend.length > 0);
    await inBatchesWithinReach(owing, DEAD_LETTERS_AT_ONCE, async (item) => {
      if (this.#s.clock.now() > this.#terms.deadlineAt - DEAD_LETTER_NEEDS_MS) return;
      await unlessUnreadable(() =>
        sendOwed('certificate', item, { ...this.#s, delays: this.#s.domainDelays }),
      );
    });
  }
}
