import type { ComparisonReport } from '../../../lib/sync/drift/result.ts';
import type { CertificateItem } from '../../../lib/sync/ledger/items/certificate-item.ts';
import type { DomainItem } from '../../../lib/sync/ledger/items/domain-item.ts';
import type { NetworkItem } from '../../../lib/sync/ledger/items/network-item.ts';
import {
  certificateKey,
  domainKey,
  type Key,
  type Kind,
  networkKey,
  type StoredItems,
} from '../../../lib/sync/ledger/keys.ts';
import type { Clock } from '../../../lib/sync/ledger/ports.ts';
import type { Access, CallGuard, HostedDomain, Hosting } from '../../../lib/sync/ledger/runcloud-ports.ts';
import { KnownCredentials } from '../../../lib/sync/network/known-credentials.ts';
import { KeptListings } from '../../../lib/sync/network/listing/kept-listings.ts';
import type { NetworkWorkServices } from '../../../lib/sync/network-work/run.ts';
import {
  type ReconcileReport,
  reconcileDomain,
  type WorkerServices,
} from '../../../lib/sync/reconcile/reconcile.ts';
import { memoryCertificates } from '../../doubles/certificates.ts';
import { type HostingCall, memoryHosting } from '../../doubles/hosting.ts';
import { memoryLedger } from '../../doubles/ledger.ts';
import { manualClock } from '../../doubles/manual-clock.ts';
import { memoryQueue } from '../../doubles/queue.ts';
import { APP, DOMAIN, delays, MINUTE, NETWORK, NOW } from './items.ts';

const TIMEOUT_MS = 5 * MINUTE;

/** Every call reserves its slot and reports what came back, as the real client does. */
function gated(hosting: Hosting, gate: CallGuard): Hosting {
  const through = async <T>(call: () => Promise<T>): Promise<T> => {
    await gate.before();
    const answer = await call();
    await gate.after({ status: 200, limit: undefined, remaining: undefined, retryAfterMs: undefined });
    return answer;
  };
  return {
    find: (id) => through(() => hosting.find(id)),
    page: (number) => through(() => hosting.page(number)),
    add: (domain) => through(() => hosting.add(domain)),
    remove: (id) => through(() => hosting.remove(id)),
    updateDomain: (id, to) => through(() => hosting.updateDomain(id, to)),
  };
}

/** What the domains' worker needs, for one domain and for the network's own work. */
type Services = WorkerServices & NetworkWorkServices;

interface Options {
  /** What RunCloud has at the beginning. */
  readonly rows?: readonly (Pick<HostedDomain, 'name'> & Partial<HostedDomain>)[];
  /** Before a call is done: throw to fail it. */
  readonly onCall?: (call: HostingCall) => Promise<void>;
  /** After a call is done: throw to lose its answer. */
  readonly onDone?: (call: HostingCall) => Promise<void>;
  /** What the network's secret says; a function is asked at every access. */
  readonly access?: Partial<Access> | ((options: { fresh: boolean }) => Partial<Access> | undefined);
  readonly services?: Partial<Services>;
}

/** A worker's world in memory. A sleeper moves the time itself, so no pass waits for the test. */
export function reconcileWorld(options: Options = {}) {
  const time = manualClock(NOW);
  const clock: Clock = { now: time.now, sleep: (ms) => time.advance(ms) };
  const ledger = memoryLedger();
  const queue = memoryQueue({ clock });
  const calls: HostingCall[] = [];
  const reports: ReconcileReport[] = [];
  const reportDeferred: unknown[] = [];
  const unsent: unknown[] = [];
  const comparisons: ComparisonReport[] = [];
  const asked: { fresh: boolean }[] = [];
  const hosting = memoryHosting({
    ...(options.rows === undefined ? {} : { domains: options.rows }),
    ...(options.onDone === undefined ? {} : { onDone: options.onDone }),
    onCall: async (call) => {
      calls.push(call);
      await options.onCall?.(call);
    },
  });
  let owners = 0;
  const certificateQueue = memoryQueue({ clock });
  const outcomeQueue = memoryQueue({ clock });
  const services: Services = {
    ledger,
    queue,
    certificateQueue,
    outcomeQueue,
    successNotices: true,
    askWww: async () => 'here',
    clock,
    random: () => 0.5,
    networks: {
      access: async (_network, { fresh }) => {
        asked.push({ fresh });
        const part =
          typeof options.access === 'function' ? options.access({ fresh }) : (options.access ?? {});
        if (part === undefined) return undefined;
        return {
          app: APP,
          // A fresh read comes after the event that caused it, though the clock stands still.
          readAt: clock.now() + (fresh ? 1 : 0),
          protectedDomains: ['network.example'],
          removalsPerHour: 60,
          additionsPerHour: 300,
          parkUnreadyNames: true,
          paused: false,
          credentialFingerprint: 'f00dfeedf00dfeed',
          serverAddresses: [],
          tellsOutcomes: true,
          dnsTarget: null,
          hosting: (gate) => gated(hosting, gate),
          certificates: () => memoryCertificates(),
          ...part,
        };
      },
    },
    listings: new KeptListings(),
    credentials: new KnownCredentials(),
    delays,
    batchMs: 20_000,
    leaseMs: TIMEOUT_MS + 30_000,
    newOwner: () => `worker-${++owners}`,
    report: (report) => reports.push(report),
    reportDeferred: (work, error) => reportDeferred.push({ ...work, what: error.what }),
    reportUnsent: (deadLetter) => unsent.push(deadLetter),
    reportCallsThisMonth: () => undefined,
    driftDryRun: false,
    reportComparison: (report) => comparisons.push(report),
    ...options.services,
  };

  const put = async <K extends Kind>(key: Key<K>, item: StoredItems[K]): Promise<void> => {
    const stored = await services.ledger.read(key);
    await services.ledger.write(key, item, stored?.writes ?? 0);
  };
  const get = async <K extends Kind>(key: Key<K>): Promise<StoredItems[K]> => {
    const stored = await ledger.read(key);
    if (stored === undefined) throw new Error(`Nothing is stored as ${key.item}`);
    return stored.item;
  };

  return {
    time,
    ledger,
    queue,
    certificateQueue,
    outcomeQueue,
    hosting,
    calls,
    /** The names of the calls made so far. */
    ops: () => calls.map(({ op }) => op),
    reports,
    reportDeferred,
    unsent,
    comparisons,
    asked,
    services,
    put,
    get,
    putDomain: (item: DomainItem) => put(domainKey(item.network, item.domain), item),
    putNetwork: (item: NetworkItem) => put(networkKey(item.network), item),
    domain: (name = DOMAIN): Promise<DomainItem> => get(domainKey(NETWORK, name)),
    network: (): Promise<NetworkItem> => get(networkKey(NETWORK)),
    certificate: (name = DOMAIN): Promise<CertificateItem> => get(certificateKey(NETWORK, name)),
    /** One call of the worker; `withinMs` is the time its function has left. */
    pass: (
      domain = DOMAIN,
      { deadLetter, withinMs = TIMEOUT_MS }: { deadLetter?: number; withinMs?: number } = {},
    ) => reconcileDomain({ network: NETWORK, domain, deadLetter }, clock.now() + withinMs, services),
    /** The same call with other services. */
    passWith: (others: Services, domain = DOMAIN) =>
      reconcileDomain({ network: NETWORK, domain }, clock.now() + TIMEOUT_MS, others),
  };
}
