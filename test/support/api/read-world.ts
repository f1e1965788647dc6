import type { ReadServices } from '../../../functions/services/read.ts';
import type { ReadSettings } from '../../../functions/services/secrets.ts';
import { dnsGate } from '../../../lib/dns/gate.ts';
import { createLog } from '../../../lib/observability/log.ts';
import type { CertificateItem } from '../../../lib/sync/ledger/items/certificate-item.ts';
import type { DomainItem } from '../../../lib/sync/ledger/items/domain-item.ts';
import type { NetworkItem } from '../../../lib/sync/ledger/items/network-item.ts';
import { certificateKey, domainKey, networkKey } from '../../../lib/sync/ledger/keys.ts';
import type { Ledger } from '../../../lib/sync/ledger/ports.ts';
import { handshake } from '../../../lib/tls/handshake.ts';
import { memoryLedger } from '../../doubles/ledger.ts';
import { manualClock } from '../../doubles/manual-clock.ts';
import { ids, token } from '../runcloud/runcloud.ts';
import { silentMetrics } from '../silent-log.ts';
import { apiEvent } from './api-event.ts';
import { nowMs, rotatingSecrets } from './api-world.ts';

export const readToken = 'read-token-of-32-characters-0123';

/** No server listens there: a read that must not ask RunCloud would show it. */
const nowhere = 'http://127.0.0.1:9';

export const readSettings: ReadSettings = {
  readTokens: [readToken],
  credential: { api: 'v3', token },
  ...ids,
  protectedDomains: ['network.example'],
  serverAddresses: [],
  dnsTarget: null,
  paused: false,
};

/** A read's world: twins of the ledger and the clock, RunCloud where `part` says it is. */
export function readWorld(part: Partial<ReadServices> = {}, settings: Partial<ReadSettings> = {}) {
  const clock = manualClock(nowMs);
  const ledger = memoryLedger();
  const { secrets, rotate, asked } = rotatingSecrets<ReadSettings>({ ...readSettings, ...settings });
  const lines: string[] = [];
  const services: ReadServices = {
    secrets,
    ledger,
    clock,
    log: createLog({
      service: 'runcloud-relay',
      level: 'DEBUG',
      now: clock.now,
      write: (line) => lines.push(line),
    }),
    metrics: silentMetrics,
    runcloudUrl: nowhere,
    // A busy machine ends no step.
    limits: { stepMs: 60_000, totalMs: 60_000 },
    dnsGate: dnsGate([]),
    handshake,
    tlsProbePort: 443,
    ...part,
  };
  return { services, ledger, clock, rotate, asked, lines };
}

export function putDomain(ledger: Ledger, item: DomainItem) {
  return ledger.write(domainKey(item.network, item.domain), item, 0);
}

export function putCertificate(ledger: Ledger, item: CertificateItem) {
  return ledger.write(certificateKey(item.network, item.domain), item, 0);
}

export function putNetwork(ledger: Ledger, item: NetworkItem) {
  return ledger.write(networkKey(item.network), item, 0);
}

interface ReadCall {
  readonly network?: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Null: no such header. */
  readonly authorization?: string | null;
}

function readEvent(
  path: string,
  parameters: Readonly<Record<string, string>>,
  { network = 'demo', query = {}, authorization = `Bearer ${readToken}` }: ReadCall,
) {
  return apiEvent({
    routeKey: `GET /{network}/${path}`,
    path: `/${network}/${path}`,
    pathParameters: { network, ...parameters },
    query,
    headers: { host: 'relay.acme-bikes.com', ...(authorization === null ? {} : { authorization }) },
  });
}

export function statusCall(domain: string, call: ReadCall = {}) {
  return readEvent('domains/{domain}', { domain }, call);
}

export function listCall(query: Readonly<Record<string, string>> = {}, call: ReadCall = {}) {
  return readEvent('domains', {}, { ...call, query });
}

export function connectionCall(call: ReadCall = {}) {
  return readEvent('connection', {}, call);
}
