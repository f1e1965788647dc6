import { expect } from '@jest/globals';
import { recordRetry } from '../../../lib/sync/events/record-retry.ts';
import { recordUpdate } from '../../../lib/sync/events/record-update.ts';
import type { CertificateRetry } from '../../../lib/sync/ledger/desired-state.ts';
import type { CertificateItem } from '../../../lib/sync/ledger/items/certificate-item.ts';
import { domainKey } from '../../../lib/sync/ledger/keys.ts';
import type { Clock } from '../../../lib/sync/ledger/ports.ts';
import { type ListState, listStatus } from '../../../lib/sync/status/list-domains.ts';
import { type DomainView, toView } from '../../../lib/sync/status/view.ts';
import type { Switches } from '../../../local/runcloud/state/switches.ts';
import { manualClock } from '../../doubles/manual-clock.ts';
import { flowCertificates, type Shown } from '../flow/flow-certificates.ts';
import { type NetworkSeed, placeNetwork } from '../runcloud/place-network.ts';
import { secureCanary } from './secure-canary.ts';
import { secureInternet } from './secure-internet.ts';
import { certificateBaseMs, domainBaseMs, secureWorkers } from './secure-workers.ts';

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

const network = 'acme';

export interface SecureOptions extends NetworkSeed {
  readonly switches?: Partial<Switches>;
  /** Of the server; the TLS edge is at 127.0.0.1, and no server at any other. */
  readonly serverAddress?: string;
  readonly serverAddresses?: readonly string[];
  readonly dnsTarget?: string;
  readonly parkUnreadyNames?: boolean;
}

/** Values, or matchers of Jest. */
type Expected = { readonly [F in keyof CertificateItem]?: unknown };

const open = new Set<{ close(): Promise<void>; leaks(): string[] }>();

/**
 * After each test, however it ended. Holds all that was said in it anywhere to the rule that no secret and nothing
 * personal ever is.
 */
export async function closeWorlds(): Promise<void> {
  const worlds = [...open];
  open.clear();
  for (const world of worlds) await world.close();
  expect(worlds.flatMap((world) => world.leaks())).toEqual([]);
}

export type SecureWorld = Awaited<ReturnType<typeof secureWorld>>;

/**
 * Certificates over real DNS, TLS and HTTP in a time that a test moves: weeks pass in seconds. What stands between the
 * workers in production (API handlers, queues, the sweep, DynamoDB) the flows over the whole stack show. `closeWorlds` after
 * each test.
 */
export async function secureWorld(options: SecureOptions = {}) {
  const {
    switches = {},
    serverAddress = '127.0.0.1',
    serverAddresses = [],
    dnsTarget = null,
    parkUnreadyNames = true,
    ...seed
  } = options;
  const time = manualClock(Date.now());
  // A sleeper moves the time itself, so no pass waits for the test.
  const clock: Clock = { now: time.now, sleep: (ms) => time.advance(ms) };
  const place = { ...placeNetwork(network, seed, 0), serverAddress };
  const servers = place.workspace.servers?.map((server) => ({ ...server, ipAddress: serverAddress })) ?? [];
  const internet = await secureInternet({ clock, workspace: { ...place.workspace, servers }, switches });
  const { watch, leaks } = secureCanary(place, internet);
  open.add({ close: internet.close, leaks });
  const { runcloud, dns } = internet;
  dns.set(place.ownDomain, { A: [serverAddress] });
  const terms = { serverAddresses, dnsTarget, parkUnreadyNames };
  const workers = secureWorkers({ place, internet, clock, watch, ...terms });
  const { ledger, queue, reconcileDomain, reconcileCertificates } = workers;
  // Dead letters are read from the queue itself.
  const noDeadLetters = { of: async () => [] };
  const { deadLetters: _, ...certificates } = flowCertificates(place, {
    internet,
    ledger,
    certificateDeadLetters: noDeadLetters,
  });
  const { item } = certificates;
  const domain = async (name: string) => (await ledger.read(domainKey(network, name)))?.item;

  let updates = 0;
  const updateAbout = (name: string, www: boolean) => {
    const version = {
      timestamp: new Date(clock.now()).toISOString(),
      id: `msg_${String(++updates).padStart(6, '0')}`,
    };
    return { network, domain: name, version, www, native: false, siteId: null, domainId: null };
  };
  const tell = (name: string, wanted: 'present' | 'absent', www = false) =>
    recordUpdate(ledger, { ...updateAbout(name, www), wanted }, { now: clock.now(), baseMs: domainBaseMs });

  const isDue = ({ dueAt }: { readonly dueAt: number | null }) => dueAt !== null && dueAt <= clock.now();
  const nextDueAt = (): number =>
    Math.min(...[...ledger.all('domain'), ...ledger.all('certificate')].flatMap(({ dueAt }) => dueAt ?? []));

  const reconcileDomains = async (): Promise<void> => {
    for (const due of ledger.all('domain').filter(isDue)) await reconcileDomain(due.domain);
  };

  /** Looks at what is due; if nothing is, the time comes when something will be. */
  const step = async (): Promise<void> => {
    const waitMs = nextDueAt() - clock.now();
    if (waitMs > 0 && waitMs < Number.POSITIVE_INFINITY) await time.advance(waitMs);
    await reconcileDomains();
    if (ledger.all('certificate').some(isDue)) await reconcileCertificates();
  };

  return {
    ...place,
    ...internet,
    ...certificates,
    clock,
    ledger,
    reconcileCertificates,
    redriveOf: workers.redriveOf,
    /** Values that must not leak, and did. */
    leaks,
    step,
    domain,
    record: async () => ledger.all('network')[0],
    deadLetters: () => queue.deadLetters,

    /** Lets this much time pass, with every pass that becomes due in it. */
    pass: async (ms: number): Promise<void> => {
      const end = clock.now() + ms;
      while (nextDueAt() <= end) await step();
      if (end > clock.now()) await time.advance(end - clock.now());
    },

    /** Passes go on until the ledger says this about a domain's certificate; at most this long. */
    stands: async (name: string, expected: Expected, { withinMs = dayMs } = {}): Promise<CertificateItem> => {
      const end = clock.now() + withinMs;
      for (;;) {
        const found = await item(name);
        try {
          expect(found).toMatchObject({ ...expected });
        } catch (error) {
          if (clock.now() >= end) throw error;
          await step();
          continue;
        }
        if (found === undefined) throw new Error(`The ledger knows no certificate of ${name}`);
        return found;
      }
    },

    /** The multisite's updates; no worker has acted yet. */
    say: async (names: readonly string[], { www = false } = {}): Promise<void> => {
      for (const name of names) await tell(name, 'present', www);
    },
    /** The multisite's update, and its effect at RunCloud. */
    add: async (name: string, { www = false } = {}): Promise<void> => {
      await tell(name, 'present', www);
      await reconcileDomains();
    },
    remove: async (name: string): Promise<void> => {
      await tell(name, 'absent');
      await reconcileDomains();
    },
    retry: (name: string, reason: CertificateRetry['reason'] = 'manual') => {
      const at = { now: clock.now(), baseMs: certificateBaseMs, domainBaseMs };
      return recordRetry(ledger, { ...updateAbout(name, false), reason }, at);
    },

    /** As the read API handler shows it. */
    status: async (name: string): Promise<DomainView> => {
      const found = await domain(name);
      if (found === undefined) throw new Error(`The ledger does not know ${name}`);
      const view = toView(found, await item(name));
      watch('answer', JSON.stringify(view));
      return view;
    },
    list: async (state: ListState): Promise<string[]> => {
      const { domains } = await listStatus(ledger, network, { state, limit: 100, after: undefined });
      return domains.map((one) => one.domain);
    },

    /** Puts a domain into RunCloud by hand, pointed here, that shows visitors this. */
    addInPanel: (name: string, shown: Shown): void => {
      runcloud.addInPanel(place.appId, { name });
      certificates.pointHere(name);
      certificates.show(name, shown);
    },
    /** Calls that change something about certificates, numbers left out. */
    writes: (): string[] =>
      runcloud.requests
        .map(({ method, path }) => `${method} ${path.split(`/webapps/${place.appId}`)[1] ?? ''}`)
        .filter((call) => /^(POST|PUT|PATCH|DELETE) .*\/ssl/.test(call))
        .map((call) => call.replaceAll(/\/\d+/g, '/:id')),
  };
}
