import { RelayError, Unavailable } from '../../errors.ts';
import { inBatches } from '../../sync/ledger/in-batches.ts';
import type { SslMode } from '../../sync/ledger/runcloud-ports.ts';
import type { Ready } from '../checks/check-certificate.ts';
import { SslModeUnknown } from '../errors.ts';
import { type Interruption, isInterruption } from '../interruption.ts';
import type { KeptModes } from '../kept-modes.ts';
import { RecentOrders } from '../order-log/recent.ts';
import type { CertificateResult } from '../outcome/result.ts';
import type { CertificateServices } from '../services.ts';
import { orderForDomain } from './advanced.ts';
import { awaitAutoSsl } from './autossl.ts';
import { type BatchContext, orderForAll } from './basic.ts';
import { withinLastCount } from './name-limit.ts';
import type { OrderOutcome } from './place.ts';

/** An order may hold its connection for two minutes. More of them at once would wait for RunCloud's server. */
const ORDERS_AT_ONCE = 3;

export interface Ordered {
  readonly results: ReadonlyMap<Ready, CertificateResult>;
  /** What kept the other requests from their order. */
  readonly interruption: Interruption | undefined;
  /** RunCloud answered an order, with a yes or a no. */
  readonly answered: boolean;
  /** Requests whose order ended with an unexpected error. */
  readonly crashes: ReadonlyMap<Ready, unknown>;
  /** Requests that need an item out of reach: DynamoDB throttles single keys. */
  readonly outOfReach: ReadonlySet<Ready>;
}

export const NOTHING_ORDERED: Ordered = {
  results: new Map(),
  interruption: undefined,
  answered: false,
  crashes: new Map(),
  outOfReach: new Set(),
};

/** Throws `Unavailable` where every order meets it, because then the ledger itself is away. */
async function oneByOne(
  ready: readonly Ready[],
  order: (request: Ready) => Promise<OrderOutcome>,
): Promise<Ordered> {
  const results = new Map<Ready, CertificateResult>();
  const crashes = new Map<Ready, unknown>();
  const outOfReach = new Map<Ready, Unavailable>();
  let interruption: Interruption | undefined;
  let anyAnswered = false;
  await inBatches(ready, ORDERS_AT_ONCE, async (request) => {
    // The next order would fail for the same reason.
    if (interruption !== undefined) return;
    try {
      const { result, answered } = await order(request);
      results.set(request, result);
      anyAnswered ||= answered;
    } catch (error) {
      if (isInterruption(error)) interruption = error;
      else if (error instanceof Unavailable) outOfReach.set(request, error);
      else crashes.set(request, error);
    }
  });
  const [away] = outOfReach.values();
  if (away !== undefined && outOfReach.size === ready.length) throw away;
  return { results, interruption, answered: anyAnswered, crashes, outOfReach: new Set(outOfReach.keys()) };
}

async function inAdvancedMode(
  ready: readonly Ready[],
  context: BatchContext,
  s: CertificateServices,
): Promise<Ordered> {
  const recent = new RecentOrders(context.session.network, s);
  return oneByOne(ready, (request) => orderForDomain(request, context, recent, s));
}

async function byAutoSsl(
  ready: readonly Ready[],
  { session }: BatchContext,
  s: CertificateServices,
): Promise<Ordered> {
  let silent: Interruption | undefined;
  const onInterruption = (interruption: Interruption): void => {
    // Its own wait for a slot, or for the end of a pause, says nothing about AutoSSL.
    if (!(interruption instanceof RelayError)) throw interruption;
    silent ??= interruption;
  };
  const ordered = await oneByOne(ready, async (request) => ({
    result: await awaitAutoSsl(request, session, onInterruption, s),
    answered: false,
  }));
  return { ...ordered, interruption: ordered.interruption ?? silent };
}

async function inMode(
  mode: SslMode,
  ready: readonly Ready[],
  context: BatchContext,
  s: CertificateServices,
): Promise<Ordered> {
  const { appId, serverId } = context.session.access.app;
  switch (mode) {
    case 'basic':
      return { ...NOTHING_ORDERED, ...(await orderForAll(ready, context, s)) };
    case 'advanced':
      return inAdvancedMode(ready, context, s);
    case 'autossl':
      return byAutoSsl(ready, context, s);
    case 'unknown': {
      const error = new SslModeUnknown(
        `RunCloud does not tell the SSL mode of web application ${appId} on server ${serverId}, so nothing is ordered`,
      );
      return {
        ...NOTHING_ORDERED,
        results: new Map(ready.map((request) => [request, { kind: 'failing', error }])),
      };
    }
  }
}

/** Orders for the ready requests, by the application's SSL mode. The mode is read first and never switched. */
export async function orderFor(
  ready: readonly Ready[],
  context: BatchContext,
  s: CertificateServices,
): Promise<Ordered> {
  const limited = await withinLastCount(ready, context.session, s);
  const others = ready.filter((request) => !limited.has(request));
  const ordered = others.length === 0 ? NOTHING_ORDERED : await orderByMode(others, context, s);
  return { ...ordered, results: new Map([...limited, ...ordered.results]) };
}

/** The calls that orders probably make in a row: for the mode, for what is installed, in basic SSL for the first page, and the order. */
function probableCalls(
  ready: readonly Ready[],
  { mode = 'basic', isKept }: ReturnType<KeptModes['last']>,
): number {
  const calls = isKept ? 0 : 1;
  if (mode === 'basic') return calls + 3;
  return mode === 'advanced' && ready.length === 1 ? calls + 2 : 1;
}

async function orderByMode(
  ready: readonly Ready[],
  context: BatchContext,
  s: CertificateServices,
): Promise<Ordered> {
  const { access, certificates, expectCalls, returnUnused } = context.session;
  try {
    expectCalls(probableCalls(ready, s.modes.last(access.app, s.clock.now())));
    const mode = await s.modes.mode(access.app, s.clock.now(), () => certificates.mode());
    const ordered = await inMode(mode, ready, context, s);
    // The owner may have switched the mode since it was read.
    if ([...ordered.results.values()].some(({ kind }) => kind === 'failing')) s.modes.forget(access.app);
    return ordered;
  } catch (error) {
    if (!isInterruption(error)) throw error;
    return { ...NOTHING_ORDERED, interruption: error };
  } finally {
    expectCalls(1);
    // Whoever calls next would wait for them. Without the ledger they come to their end.
    await returnUnused().catch(() => undefined);
  }
}
