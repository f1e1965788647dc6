import { certificateDelays } from '../../../lib/certificates/delays.ts';
import { KeptModes } from '../../../lib/certificates/kept-modes.ts';
import { reconcileCertificates } from '../../../lib/certificates/reconcile.ts';
import type { CertificateFact, CertificateServices } from '../../../lib/certificates/services.ts';
import type { DnsFinding } from '../../../lib/dns/gate.ts';
import { recordRetry } from '../../../lib/sync/events/record-retry.ts';
import type { Points } from '../../../lib/sync/ledger/domains/www.ts';
import type { CertificateItem } from '../../../lib/sync/ledger/items/certificate-item.ts';
import {
  type CertificateWorkItem,
  freshCertificateWork,
} from '../../../lib/sync/ledger/items/certificate-work-item.ts';
import type { DomainItem } from '../../../lib/sync/ledger/items/domain-item.ts';
import type { NetworkItem } from '../../../lib/sync/ledger/items/network-item.ts';
import { certificateKey, certificateWorkKey, domainKey, networkKey } from '../../../lib/sync/ledger/keys.ts';
import type {
  CallGuard,
  CertificateHosting,
  HostedDomain,
  SslMode,
} from '../../../lib/sync/ledger/runcloud-ports.ts';
import { requestCertificate } from '../../../lib/sync/ledger/work/certificate-request.ts';
import type { Proof } from '../../../lib/tls/proof.ts';
import { type CertificateCall, memoryCertificates } from '../../doubles/certificates.ts';
import { type HostingCall, memoryHosting } from '../../doubles/hosting.ts';
import { nobodysQueue } from '../aws/unread-queue.ts';
import { APP, DAY, DOMAIN, delays, MINUTE, NETWORK, networkItem, settledItem } from '../sync/items.ts';
import { type SecretOfWorld, TIMEOUT_MS, through, workerInMemory } from '../sync/worker-in-memory.ts';

export const SERVER = '203.0.113.10';
export const timing = certificateDelays(MINUTE);

interface Validity {
  readonly notBefore: number;
  readonly notAfter: number;
}

interface Order {
  readonly op: 'install' | 'redeploy';
  readonly at: number;
  readonly domainId: number | undefined;
  readonly names: readonly string[];
}

interface Options {
  readonly mode?: SslMode;
  /** How long an order takes to be served; null: it never is. */
  readonly landsAfterMs?: number | null;
  /** Before a call about certificates is done: throw to fail it. */
  readonly onCall?: (call: CertificateCall) => Promise<void>;
  /** After it is done: throw to lose its answer. */
  readonly onDone?: (call: CertificateCall) => Promise<void>;
  readonly access?: SecretOfWorld;
  readonly services?: Partial<CertificateServices>;
}

function gated(runcloud: CertificateHosting, gate: CallGuard): CertificateHosting {
  const call = through(gate);
  return {
    mode: () => call(() => runcloud.mode()),
    find: (domainId) => call(() => runcloud.find(domainId)),
    install: (domainId) => call(() => runcloud.install(domainId)),
    redeploy: (sslId, domainId) => call(() => runcloud.redeploy(sslId, domainId)),
    serverAddress: () => call(() => runcloud.serverAddress()),
  };
}

function namesOf({ name, www }: HostedDomain): string[] {
  return www === true ? [name, `www.${name}`] : [name];
}

/** The certificates' worker, its ledger, a RunCloud, DNS and the handshakes, all in memory. An order that lands changes what is served. */
export function certificateWorld(options: Options = {}) {
  const calls: CertificateCall[] = [];
  const orders: Order[] = [];
  const facts: CertificateFact[] = [];
  /** What names are served with, by name, and from when on. */
  const served = new Map<string, Validity & { readonly from: number }>();
  /** Where names point, unless here. */
  const dns = new Map<string, DnsFinding>();
  const www = new Map<string, Points>();
  const gateQuestions: { name: string; dnsReady: boolean }[] = [];
  const state = {
    landsAfterMs: options.landsAfterMs === undefined ? 0 : options.landsAfterMs,
    silent: false,
  };
  const hostingCalls: HostingCall[] = [];
  const hosting = memoryHosting({ onCall: async (call) => void hostingCalls.push(call) });
  const worker = workerInMemory(options.access, {
    protectedDomains: [],
    hosting: (gate) => {
      const call = through(gate);
      return { ...hosting, page: (number) => call(() => hosting.page(number)) };
    },
    certificates: (gate) => gated(runcloud, gate),
  });
  const { time, clock, ledger, queue, reportDeferred, unsent, accesses } = worker;

  const serve = (names: readonly string[], { ageMs = 0, lifeMs = 90 * DAY, inMs = 0 } = {}): void => {
    const notBefore = clock.now() - ageMs;
    const certificate = { notBefore, notAfter: notBefore + lifeMs, from: clock.now() + inMs };
    for (const name of names) served.set(name, certificate);
  };

  const ordered = (call: CertificateCall): void => {
    if (call.op !== 'install' && call.op !== 'redeploy') return;
    const { op, domainId } = call;
    const rows = [...hosting.rows.values()].filter(({ id }) => domainId === undefined || id === domainId);
    const names = rows.flatMap(namesOf);
    orders.push({ op, at: clock.now(), domainId, names });
    if (state.landsAfterMs !== null) serve(names, { inMs: state.landsAfterMs });
  };

  const runcloud = memoryCertificates({
    mode: options.mode ?? 'basic',
    address: SERVER,
    onCall: async (call) => {
      calls.push(call);
      await options.onCall?.(call);
    },
    onDone: async (call) => {
      ordered(call);
      await options.onDone?.(call);
    },
  });

  const proofOf = (names: readonly string[]): Proof => {
    if (state.silent) return { kind: 'unverified', why: `${SERVER} port 443 did not answer` };
    const shown = names.map((name) => served.get(name));
    const [first] = shown;
    const now = clock.now();
    const good = shown.every((one) => one !== undefined && one.from <= now && one.notAfter > now);
    if (first === undefined || !good) return { kind: 'invalid', why: 'The certificate covers other names' };
    const { notBefore, notAfter } = first;
    return { kind: 'valid', notBefore, notAfter, via: null, edgeRenews: false };
  };

  const services: CertificateServices = {
    ...worker.services,
    outcomeQueue: nobodysQueue,
    modes: new KeptModes(),
    dnsGate: async (name, { dnsReady }) => {
      gateQuestions.push({ name, dnsReady });
      return dns.get(name) ?? { kind: 'here', addresses: [SERVER] };
    },
    askWww: async (name) => www.get(name) ?? 'here',
    prove: async ({ names }) => proofOf(names),
    delays: timing,
    domainDelays: delays,
    report: (fact) => facts.push(fact),
    ...options.services,
  };

  const request = async (domain = DOMAIN): Promise<CertificateItem> => {
    const stored = await ledger.read(certificateKey(NETWORK, domain));
    if (stored === undefined) throw new Error(`No request for ${domain}`);
    return stored.item;
  };
  const pass = (
    message: { domain?: string; deadLetter?: number; returns?: number } = {},
    { withinMs = TIMEOUT_MS, others = {} }: { withinMs?: number; others?: Partial<CertificateServices> } = {},
  ): Promise<void> =>
    reconcileCertificates({ network: NETWORK, ...message }, clock.now() + withinMs, {
      ...services,
      ...others,
    });

  return {
    time,
    clock,
    ledger,
    queue,
    calls,
    /** Of domains, arrivals included. */
    hostingCalls,
    orders,
    facts,
    reportDeferred,
    unsent,
    accesses,
    served,
    dns,
    www,
    gateQuestions,
    state,
    hosting,
    runcloud,
    services,
    serve,
    request,
    pass,
    network: async (): Promise<NetworkItem> =>
      (await ledger.read(networkKey(NETWORK)))?.item ?? networkItem(),
    /** What the certificates of the application have in common. */
    work: async (): Promise<CertificateWorkItem> =>
      (await ledger.read(certificateWorkKey(NETWORK)))?.item ?? freshCertificateWork,
    putWork: (part: Partial<CertificateWorkItem>) =>
      ledger.put(certificateWorkKey(NETWORK), { ...freshCertificateWork, ...part }),
    putNetwork: (part: Partial<NetworkItem>) => ledger.put(networkKey(NETWORK), networkItem(part)),
    putRequest: async (part: Partial<CertificateItem>, domain = DOMAIN) =>
      ledger.put(certificateKey(NETWORK, domain), { ...(await request(domain)), ...part }),
    domain: async (domain = DOMAIN): Promise<DomainItem | undefined> =>
      (await ledger.read(domainKey(NETWORK, domain)))?.item,
    putDomain: (part: Partial<DomainItem> & { domain: string }) =>
      ledger.put(domainKey(NETWORK, part.domain), settledItem(part)),
    /** What sync-domain leaves once a domain is served: row, settled item, request. */
    arrive: async (domain = DOMAIN, part: Partial<DomainItem> = {}): Promise<void> => {
      const withWww = part.wwwServed === true;
      const row = await hosting.add({ name: domain, www: withWww });
      const runcloudId = row === undefined ? null : { id: row.id, ...APP };
      ledger.put(
        domainKey(NETWORK, domain),
        settledItem({ domain, runcloudId, www: withWww, wwwServed: withWww, ...part }),
      );
      const { batchMs } = timing;
      await requestCertificate(ledger, {
        network: NETWORK,
        domain,
        now: clock.now(),
        arrived: true,
        newRow: false,
        batchMs,
      });
    },
    retry: (reason: 'dns_ready' | 'ssl_failed' | 'manual' = 'manual', domain = DOMAIN) =>
      recordRetry(
        ledger,
        {
          network: NETWORK,
          domain,
          version: { timestamp: new Date(clock.now()).toISOString(), id: `msg_${clock.now()}` },
          www: false,
          native: false,
          siteId: null,
          domainId: null,
          reason,
        },
        { now: clock.now(), baseMs: MINUTE, domainBaseMs: delays.firstMs },
      ),
    /** Lets this much time pass, with a pass whenever a message arrives, or a request asks for one of the sweep. Returns how many. */
    live: async (ms: number): Promise<number> => {
      const end = clock.now() + ms;
      for (let passes = 0; ; passes += 1) {
        const [next] = ledger.scheduled('certificate', end);
        const arrivesAt = queue.waiting()[0]?.visibleAt ?? Number.POSITIVE_INFINITY;
        const at = Math.min(next?.sendAt ?? Number.POSITIVE_INFINITY, arrivesAt);
        if (at > end || passes > 5_000) {
          await time.advance(Math.max(0, end - clock.now()));
          return passes;
        }
        await time.advance(Math.max(0, at - clock.now()));
        const [arrived] = queue.receive();
        if (arrived !== undefined) queue.ack(arrived.id);
        await pass(arrived?.message);
      }
    },
  };
}

export function elsewhere(name: string): DnsFinding {
  return {
    kind: 'not-here',
    reason: 'dns-mismatch',
    fix: `Point an A record for ${name} at ${SERVER}`,
    addresses: ['198.51.100.7'],
  };
}
