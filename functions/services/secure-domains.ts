import { randomUUID } from 'node:crypto';
import { dynamoClient, dynamoLedger } from '../../lib/aws/ledger.ts';
import { sqsClient, sqsQueue } from '../../lib/aws/queue.ts';
import { secretsManager, secretsManagerClient } from '../../lib/aws/secrets.ts';
import { certificateDelays } from '../../lib/certificates/delays.ts';
import { KeptModes } from '../../lib/certificates/kept-modes.ts';
import type { CertificateServices } from '../../lib/certificates/services.ts';
import { systemClock } from '../../lib/clock.ts';
import { parseCertificateConfig } from '../../lib/config.ts';
import { dnsGate, wwwGate } from '../../lib/dns/gate.ts';
import { createLog, type Log } from '../../lib/observability/log.ts';
import { createMetrics, type Metrics } from '../../lib/observability/metrics.ts';
import { once } from '../../lib/once.ts';
import { domainDelays } from '../../lib/sync/ledger/delays.ts';
import { tlsProof } from '../../lib/tls/proof.ts';
import { networksOf, workerSettings } from './networks.ts';

/** All the worker works with but what is each call's own: the lease, and the lines that name the call. */
export interface SecureServices
  extends Omit<CertificateServices, 'leaseMs' | 'report' | 'reportDeferred' | 'reportUnsent'> {
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Built at the first call; clients, kept secrets and modes live as long as the process. */
export const secureServices = once(async (): Promise<SecureServices> => {
  const config = parseCertificateConfig(process.env);
  const metrics = createMetrics({ functionName: config.functionName });
  const secrets = secretsManager({
    client: secretsManagerClient(),
    prefix: config.secretPrefix,
    clock: systemClock,
    pick: workerSettings,
  });
  return {
    ledger: dynamoLedger({ client: dynamoClient(), table: config.ledgerTable }),
    queue: sqsQueue({
      client: sqsClient(),
      url: config.certificateQueueUrl,
      deadLetterUrl: config.certificateDlqUrl,
    }),
    clock: systemClock,
    random: Math.random,
    networks: networksOf(secrets, config.runcloudUrl, metrics),
    modes: new KeptModes(),
    dnsGate: dnsGate(config.dnsServers),
    askWww: wwwGate(config.dnsServers),
    prove: tlsProof(config.tlsProbePort),
    delays: certificateDelays(config.certificateBaseMs),
    domainDelays: domainDelays(config.domainBaseMs),
    newOwner: randomUUID,
    reportCallsThisMonth: metrics.callsThisMonth,
    log: createLog({ service: 'runcloud-relay', level: config.logLevel }),
    metrics,
  };
});
