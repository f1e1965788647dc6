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
import type { CallGuard, HostedDomain, Hosting } from '../../../lib/sync/ledger/runcloud-ports.ts';
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
import { memoryQueue } from '../../doubles/queue.ts';
import { DOMAIN, delays, NETWORK } from './items.ts';
import { type SecretOfWorld, TIMEOUT_MS, through, workerInMemory } from './worker-in-memory.ts';

function gated(hosting: Hosting, gate: CallGuard): Hosting {
  const call = through(gate);
  return {
    find: (id) => call(() => hosting.find(id)),
    page: (number) => call(() => hosting.page(number)),
    add: (domain) => call(() => hosting.add(domain)),
    remove: (id) => call(() => hosting.remove(id)),
    updateDomain: (id, to) => call(() => hosting.updateDomain(id, to)),
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
  readonly access?: SecretOfWorld;
  readonly services?: Partial<Services>;
}

/** The domains' worker, its ledger and a RunCloud, all in memory. */
export function reconcileWorld(options: Options = {}) {
  const calls: HostingCall[] = [];
  const reports: ReconcileReport[] = [];
  const comparisons: ComparisonReport[] = [];
  const hosting = memoryHosting({
    ...(options.rows === undefined ? {} : { domains: options.rows }),
    ...(options.onDone === undefined ? {} : { onDone: options.onDone }),
    onCall: async (call) => {
      calls.push(call);
      await options.onCall?.(call);
    },
  });
  const worker = workerInMemory(options.access, {
    protectedDomains: ['network.example'],
    hosting: (gate) => gated(hosting, gate),
    certificates: () => memoryCertificates(),
  });
  const { time, clock, ledger, queue, reportDeferred, unsent, accesses: asked } = worker;
  const certificateQueue = memoryQueue({ clock });
  const outcomeQueue = memoryQueue({ clock });
  const services: Services = {
    ...worker.services,
    certificateQueue,
    outcomeQueue,
    askWww: async () => 'here',
    listings: new KeptListings(),
    credentials: new KnownCredentials(),
    delays,
    batchMs: 20_000,
    report: (report) => reports.push(report),
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
