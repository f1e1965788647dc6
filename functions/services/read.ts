import { dynamoClient, dynamoLedger } from '../../lib/aws/ledger.ts';
import { secretsManager, secretsManagerClient } from '../../lib/aws/secrets.ts';
import { systemClock } from '../../lib/clock.ts';
import { parseReadConfig } from '../../lib/config.ts';
import { type DnsGate, dnsGate } from '../../lib/dns/gate.ts';
import { createLog, type Log } from '../../lib/observability/log.ts';
import { createMetrics, type Metrics, type RuncloudMetrics } from '../../lib/observability/metrics.ts';
import { once } from '../../lib/once.ts';
import type { NetworkSettings, Secrets } from '../../lib/settings/settings.ts';
import type { Clock, Ledger } from '../../lib/sync/ledger/ports.ts';
import { type Handshake, handshake } from '../../lib/tls/handshake.ts';

/** What a read needs of a network's secret. */
export type ReadSettings = Pick<
  NetworkSettings,
  | 'readTokens'
  | 'credential'
  | 'serverId'
  | 'appId'
  | 'protectedDomains'
  | 'serverAddresses'
  | 'dnsTarget'
  | 'paused'
>;

/** How long a person is kept waiting: for one step, and for all. */
export interface ReadLimits {
  readonly stepMs: number;
  readonly totalMs: number;
}

/** What a read works with, built once per cold start. */
export interface ReadServices {
  readonly secrets: Secrets<ReadSettings>;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics & RuncloudMetrics;
  readonly runcloudUrl: string;
  readonly limits: ReadLimits;
  readonly dnsGate: DnsGate;
  readonly handshake: Handshake;
  readonly tlsProbePort: number;
}

/** What is not picked here (the secrets that sign words, above all) is forgotten with the answer it came in. */
function readSettings(settings: NetworkSettings): ReadSettings {
  return {
    readTokens: settings.readTokens,
    credential: settings.credential,
    serverId: settings.serverId,
    appId: settings.appId,
    protectedDomains: settings.protectedDomains,
    serverAddresses: settings.serverAddresses,
    dnsTarget: settings.dnsTarget,
    paused: settings.paused,
  };
}

/** Built at the first call; clients and kept secrets live as long as the process. */
export const readServices = once(async (): Promise<ReadServices> => {
  const config = parseReadConfig(process.env);
  const metrics = createMetrics({ functionName: config.functionName });
  return {
    secrets: secretsManager({
      client: secretsManagerClient(),
      prefix: config.secretPrefix,
      clock: systemClock,
      pick: readSettings,
    }),
    ledger: dynamoLedger({ client: dynamoClient(), table: config.ledgerTable }),
    clock: systemClock,
    log: createLog({ service: 'runcloud-relay', level: config.logLevel }),
    metrics,
    runcloudUrl: config.runcloudUrl,
    // The gateway gives up after 30 s; the rest is for the ledger and a cold start.
    limits: { stepMs: 6_000, totalMs: 25_000 },
    dnsGate: dnsGate(config.dnsServers),
    handshake,
    tlsProbePort: config.tlsProbePort,
  };
});
