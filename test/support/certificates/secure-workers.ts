import { logCertificate } from '../../../functions/queue/log-certificate.ts';
import { logDeferred, logUnsent } from '../../../functions/queue/log-deferred.ts';
import { logDomain } from '../../../functions/queue/log-domain.ts';
import { networksOf } from '../../../functions/services/networks.ts';
import type { WorkerSettings } from '../../../functions/services/secrets.ts';
import { certificateDelays } from '../../../lib/certificates/delays.ts';
import { KeptModes } from '../../../lib/certificates/kept-modes.ts';
import { reconcileCertificates } from '../../../lib/certificates/reconcile.ts';
import { dnsGate, wwwGate } from '../../../lib/dns/gate.ts';
import { createLog } from '../../../lib/observability/log.ts';
import { createMetrics } from '../../../lib/observability/metrics.ts';
import { domainDelays } from '../../../lib/sync/ledger/delays.ts';
import type { Clock } from '../../../lib/sync/ledger/ports.ts';
import { KnownCredentials } from '../../../lib/sync/network/known-credentials.ts';
import { KeptListings } from '../../../lib/sync/network/listing/kept-listings.ts';
import { reconcileDomain } from '../../../lib/sync/reconcile/reconcile.ts';
import { tlsProof } from '../../../lib/tls/proof.ts';
import { memorySecrets } from '../../doubles/secrets.ts';
import { nobodysQueue } from '../aws/unread-queue.ts';
import type { Canary } from '../flow/canary.ts';
import type { PlacedNetwork } from '../runcloud/place-network.ts';
import type { SecureInternet } from './secure-internet.ts';
import { watchedStoreLedger, watchedStoreQueue } from './watched-stores.ts';

const timeoutMs = 5 * 60_000;
/** The defaults of RETRY_BASE_SECONDS and CERTIFICATE_RETRY_BASE_SECONDS. */
export const domainBaseMs = 30_000;
export const certificateBaseMs = 60_000;

interface SecureTerms {
  readonly place: PlacedNetwork;
  readonly internet: SecureInternet;
  readonly clock: Clock;
  readonly watch: Canary['watch'];
  readonly serverAddresses: readonly string[];
  readonly dnsTarget: string | null;
  readonly parkUnreadyNames: boolean;
}

/**
 * Both workers at the waits of production: DNS, TLS and RunCloud are real sockets, ledger and queues in memory. All that
 * they write, store and send reaches the canary.
 */
export function secureWorkers(terms: SecureTerms) {
  const { place, internet, clock, watch, serverAddresses, dnsTarget, parkUnreadyNames } = terms;
  const { name: network } = place;
  const { runcloud, dns, edge, authority } = internet;
  const write = (line: string) => watch('log', line);
  const log = createLog({ service: 'runcloud-relay', level: 'DEBUG', write });
  const metrics = createMetrics({ functionName: 'worker', group: 'workers', write });
  const ledger = watchedStoreLedger(watch);
  const queue = watchedStoreQueue(watch, clock);
  const certificateQueue = watchedStoreQueue(watch, clock);
  const settings: WorkerSettings = {
    credential: { api: 'v3', token: place.workspace.tokens?.[0] ?? '' },
    serverId: String(place.serverId),
    appId: String(place.appId),
    protectedDomains: [place.ownDomain],
    removalsPerHour: 60,
    additionsPerHour: 300,
    parkUnreadyNames,
    paused: false,
    serverAddresses,
    dnsTarget,
    tellsOutcomes: true,
    readAt: clock.now(),
  };
  const delays = certificateDelays(certificateBaseMs);
  let owners = 0;
  const shared = {
    ledger: ledger,
    outcomeQueue: nobodysQueue,
    successNotices: true,
    clock,
    random: () => 0.5,
    networks: networksOf(memorySecrets(new Map([[network, settings]])), runcloud.url, metrics),
    askWww: wwwGate([dns.address]),
    leaseMs: timeoutMs + 30_000,
    newOwner: () => `worker-${++owners}`,
    reportDeferred: logDeferred(log, metrics),
    reportUnsent: logUnsent(log, metrics),
    reportCallsThisMonth: metrics.callsThisMonth,
  };
  const domainServices = {
    ...shared,
    queue,
    certificateQueue,
    listings: new KeptListings(),
    credentials: new KnownCredentials(),
    delays: domainDelays(domainBaseMs),
    batchMs: delays.batchMs,
    report: logDomain(log, metrics),
  };
  const certificateServices = {
    ...shared,
    queue: certificateQueue,
    modes: new KeptModes(),
    dnsGate: dnsGate([dns.address]),
    prove: tlsProof(edge.port, authority.certificate),
    delays,
    domainDelays: domainServices.delays,
    report: logCertificate(log, metrics),
  };

  const deadlineAt = () => clock.now() + timeoutMs;
  return {
    ledger,
    /** Of the certificates. */
    queue: certificateQueue,
    reconcileDomain: (domain: string) => reconcileDomain({ network, domain }, deadlineAt(), domainServices),
    reconcileCertificates: () => reconcileCertificates({ network }, deadlineAt(), certificateServices),
    /** A dead letter that was moved back. */
    redriveOf: (domain: string, deadLetter: number) =>
      reconcileCertificates({ network, domain, deadLetter }, deadlineAt(), certificateServices),
  };
}
