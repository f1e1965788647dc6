import { WWW } from '../../sync/ledger/domains/www.ts';
import { ImplausibleAnswer, type WaitReason } from '../../sync/ledger/errors.ts';
import type { DomainItem } from '../../sync/ledger/items/domain-item.ts';
import type { Ledger } from '../../sync/ledger/ports.ts';
import type { HostedDomain, InstalledCertificate } from '../../sync/ledger/runcloud-ports.ts';
import { allItems } from '../../sync/ledger/updates/all-items.ts';
import type { Followed } from '../../sync/ledger/updates/followed.ts';
import { readListing } from '../../sync/network/listing/listing.ts';
import type { Ready } from '../checks/check-certificate.ts';
import type { ServerContext } from '../checks/check-terms.ts';
import type { AppOrders } from '../order-log/app-orders.ts';
import { lastOrderError, runningOrder } from '../order-log/application.ts';
import { failedOrderFix, noteSuspects } from '../order-log/failed-order.ts';
import { lately } from '../order-log/limits.ts';
import { RecentOrders } from '../order-log/recent.ts';
import type { CertificateResult } from '../outcome/result.ts';
import type { CertificateServices } from '../services.ts';
import type { CertificateSession } from '../session.ts';
import { applicationLog } from './application-log.ts';
import { type BatchingFacts, batchReadyAt } from './batching.ts';
import { decideOrder } from './decide.ts';
import { limitNames, tooManyRows } from './name-limit.ts';
import { keepOwnCertificates } from './own-certificate.ts';
import { parkNames } from './park-names.ts';
import { findInstalled, type OrderOutcome, placeOrder } from './place.ts';
import { tellOfHold } from './tell-of-hold.ts';
import { unreadyNames } from './unready-names.ts';

/** What a pass over one application's certificates works with. */
export interface BatchContext {
  readonly owner: string;
  readonly session: CertificateSession;
  readonly serverContext: ServerContext;
  readonly orders: AppOrders;
  /** The network as the pass has seen it, which alone works on its certificates. */
  readonly network: Followed<'network'>;
  /** A request of the pass, as it goes on with it. */
  readonly requestOf: (domain: string) => Followed<'certificate'>;
}

function namesOf({ name, www }: HostedDomain): string[] {
  return www === true ? [name, WWW + name] : [name];
}

/** Requests that wait for one of these may wait for hours. */
const LONG_WAITS: ReadonlySet<string | null> = new Set<WaitReason>([
  'grace-period',
  'removals-limited',
  'additions-limited',
]);

/** Work that may soon change which names the certificate has to cover. */
function isOpen({ dueAt, state, reason }: DomainItem): boolean {
  return dueAt !== null && state !== 'paused' && !LONG_WAITS.has(reason);
}

async function openHosting(
  ledger: Ledger,
  network: string,
): Promise<Pick<BatchingFacts, 'hostingOpen' | 'parkingSince'>> {
  let hostingOpen = false;
  let parkingSince: number | null = null;
  for await (const item of allItems(ledger, 'domain', network)) {
    if (!isOpen(item)) continue;
    hostingOpen = true;
    if (item.parking !== null) parkingSince = Math.max(parkingSince ?? 0, item.parking.at);
  }
  return { hostingOpen, parkingSince };
}

function notOrdered(result: CertificateResult): OrderOutcome {
  return { result, answered: false };
}

function oldestReadyOf(ready: readonly Ready[], now: number): number {
  return Math.min(...ready.map(({ item }) => item.readySince ?? now));
}

/** One order for all names, or the reason to wait. */
async function orderTogether(
  ready: readonly Ready[],
  installed: InstalledCertificate | undefined,
  context: BatchContext,
  s: CertificateServices,
): Promise<OrderOutcome> {
  const { session } = context;
  const { network, hosting } = session;
  const { delays } = s;
  const oldestReadyAt = oldestReadyOf(ready, s.clock.now());
  const asName = ready[0]?.item.domain ?? '';
  const first = await hosting.page(1);
  const known = await tooManyRows(first, context, s);
  if (known !== undefined) return notOrdered(known);
  const listing = await readListing(hosting, first);
  if (!listing.complete) {
    const problem = 'RunCloud listed its domains incompletely, so an order would miss some';
    return notOrdered({ kind: 'failing', error: new ImplausibleAnswer(problem) });
  }
  const names = [...new Set(listing.domains.flatMap(namesOf))];
  const limited = await limitNames(names.length, context, s);
  if (limited !== undefined) return notOrdered(limited);
  const passed = new Set(ready.map(({ item }) => item.domain));
  const isFirstTry = ready.some(({ item }) => item.readySince === null);
  const asked = names.filter((name) => !passed.has(name));
  const recent = new RecentOrders(network, s);
  // Before names make their domains due: where a count is out of reach, each try would be a first one again.
  await recent.load(names);
  const unready = await unreadyNames(asked, isFirstTry, context, s);
  const now = s.clock.now();
  const { work } = context.orders;
  const orders = lately(work.orders, now);
  const counted = { ...recent.against(names), now, mode: 'basic' as const, orders };
  const decision = decideOrder({ ...counted, delays, names, unready, oldestReadyAt });
  if (decision.kind === 'wait' && decision.reason === 'order-budget') {
    const failedFix = failedOrderFix(asName, work.suspects);
    return notOrdered({ ...decision, kind: 'waiting', failedFix, failure: lastOrderError(orders) });
  }
  const { begun, nextAt, kept } = await parkNames(unready, listing.domains, session, s);
  if (begun) return notOrdered({ kind: 'waiting', until: now + delays.batchMs, reason: null, fix: null });
  if (decision.kind === 'wait') {
    await tellOfHold(kept, network, s);
    const until = Math.min(decision.until, nextAt ?? decision.until);
    return notOrdered({ ...decision, kind: 'waiting', until });
  }
  const orderLog = {
    last: orders.at(-1),
    counts: recent,
    ...applicationLog({ ...context, network, app: session.access.app }, names, s),
  };
  const { set, includedUnready } = decision;
  const order = { names, set, includedUnready, domainId: undefined, installed };
  const placed = await placeOrder(order, orderLog, session, s);
  if (placed.result.kind !== 'failing') return placed;
  const fix = failedOrderFix(
    asName,
    await noteSuspects(names, network, { ledger: s.ledger, orders: context.orders }),
  );
  return { ...placed, result: { ...placed.result, fix } };
}

interface AllOrdered {
  readonly results: ReadonlyMap<Ready, CertificateResult>;
  readonly answered: boolean;
}

/** The next order for the requests that the running one does not cover. */
async function orderAgain(
  ready: readonly Ready[],
  running: number | null,
  context: BatchContext,
  s: CertificateServices,
): Promise<AllOrdered> {
  const now = s.clock.now();
  const forEach = ({ result, answered }: OrderOutcome): AllOrdered => ({
    results: new Map(ready.map((request) => [request, result])),
    answered,
  });
  const until = batchReadyAt({
    now,
    delays: s.delays,
    oldestReadyAt: oldestReadyOf(ready, now),
    ...(await openHosting(s.ledger, context.session.network)),
    runningSince: running,
  });
  if (until !== null) return forEach(notOrdered({ kind: 'waiting', until, reason: null, fix: null }));
  const found = await findInstalled(context.session, undefined);
  if ('result' in found) return forEach(notOrdered(found.result));
  const kept = keepOwnCertificates(ready, found.installed, s);
  if (kept !== undefined) return { results: kept, answered: false };
  return forEach(await orderTogether(ready, found.installed, context, s));
}

/**
 * One order for all names of the application, or the reason to wait. Returns the result of each ready request.
 * Throws what `placeOrder` and the listing throw.
 */
export async function orderForAll(
  ready: readonly Ready[],
  context: BatchContext,
  s: CertificateServices,
): Promise<AllOrdered> {
  const { work } = context.orders;
  const running = runningOrder(work, s.clock.now(), s.delays.unconfirmedMs);
  const ordered = new Set(running === undefined ? [] : work.ordered);
  const results = new Map<Ready, CertificateResult>();
  const rest: Ready[] = [];
  for (const request of ready) {
    // A second order for a name that is under way would spend limits for nothing.
    const covered = request.names.every((name) => ordered.has(name));
    if (running !== undefined && covered) results.set(request, { kind: 'requested', orderedAt: running.at });
    else rest.push(request);
  }
  if (rest.length === 0) return { results, answered: false };
  const again = await orderAgain(rest, running?.at ?? null, context, s);
  return { results: new Map([...results, ...again.results]), answered: again.answered };
}
