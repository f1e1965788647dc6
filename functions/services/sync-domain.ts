import { randomUUID } from 'node:crypto';
import { dynamoClient, dynamoLedger } from '../../lib/aws/ledger.ts';
import { sqsClient, sqsMessages, sqsQueue } from '../../lib/aws/queue.ts';
import { secretsManager, secretsManagerClient } from '../../lib/aws/secrets.ts';
import { certificateDelays } from '../../lib/certificates/delays.ts';
import { systemClock } from '../../lib/clock.ts';
import { parseWorkerConfig } from '../../lib/config.ts';
import { wwwGate } from '../../lib/dns/gate.ts';
import { createLog, type Log } from '../../lib/observability/log.ts';
import { createMetrics, type Metrics } from '../../lib/observability/metrics.ts';
import { once } from '../../lib/once.ts';
import { domainDelays } from '../../lib/sync/ledger/delays.ts';
import { KeptListings } from '../../lib/sync/network/kept-listings.ts';
import type { NetworkWorkServices } from '../../lib/sync/network-work/run.ts';
import type { WorkerServices } from '../../lib/sync/reconcile/reconcile.ts';
import { networksOf, workerSettings } from './networks.ts';

/** All a worker works with but what is each call's own: the lease, and the lines that name the call. */
export interface SyncServices
  extends Omit<
    WorkerServices & NetworkWorkServices,
    'leaseMs' | 'report' | 'reportDeferred' | 'reportUnsent' | 'reportComparison'
  > {
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Built at the first call; clients, kept secrets and listings live as long as the process. */
export const syncServices = once(async (): Promise<SyncServices> => {
  const config = parseWorkerConfig(process.env);
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
      url: config.domainQueueUrl,
      deadLetterUrl: config.domainDlqUrl,
    }),
    certificateQueue: sqsMessages({ client: sqsClient(), url: config.certificateQueueUrl }),
    clock: systemClock,
    random: Math.random,
    networks: networksOf(secrets, config.runcloudUrl, metrics),
    listings: new KeptListings(),
    askWww: wwwGate(config.dnsServers),
    delays: domainDelays(config.domainBaseMs),
    batchMs: certificateDelays(config.certificateBaseMs).batchMs,
    newOwner: randomUUID,
    reportCallsThisMonth: metrics.callsThisMonth,
    driftDryRun: config.driftDryRun,
    log: createLog({ service: 'runcloud-relay', level: config.logLevel }),
    metrics,
  };
});
