import { randomUUID } from 'node:crypto';
import { dynamoClient, dynamoLedger } from '../lib/aws/ledger.ts';
import { sqsClient, sqsQueue } from '../lib/aws/queue.ts';
import { secretsManager, secretsManagerClient } from '../lib/aws/secrets.ts';
import { certificateWaits } from '../lib/certificates/waits.ts';
import { systemClock } from '../lib/clock.ts';
import { parseWorkerConfig } from '../lib/config.ts';
import { createLog, type Log } from '../lib/log.ts';
import { createMetrics } from '../lib/metrics.ts';
import { once } from '../lib/once.ts';
import type { NetworkSettings } from '../lib/settings.ts';
import { KeptListings } from '../lib/sync/kept-listings.ts';
import type { WorkerServices } from '../lib/sync/look-at-domain.ts';
import { domainWaits } from '../lib/sync/waits.ts';
import { reporting } from './look-report.ts';
import { networksOf, type WorkerSettings } from './networks.ts';

/** All a worker works with but the lease, which is as long as its call may last. */
export interface SyncServices extends Omit<WorkerServices, 'leaseMs'> {
  readonly log: Log;
}

const workerSettings = (settings: NetworkSettings): WorkerSettings => ({
  credential: settings.credential,
  serverId: settings.serverId,
  appId: settings.appId,
  protectedDomains: settings.protectedDomains,
  removalsPerHour: settings.removalsPerHour,
  paused: settings.paused,
  serverAddresses: settings.serverAddresses,
  dnsTarget: settings.dnsTarget,
  readAt: systemClock.now(),
});

/** Built at the first call; clients, kept secrets and listings live as long as the process. */
export const syncServices = once(async (): Promise<SyncServices> => {
  const config = parseWorkerConfig(process.env);
  const log = createLog({ service: 'runcloud-relay', level: config.logLevel });
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
    clock: systemClock,
    random: Math.random,
    networks: networksOf(secrets, config.runcloudUrl),
    listings: new KeptListings(),
    waits: domainWaits(config.domainBaseMs),
    gatherMs: certificateWaits(config.certificateBaseMs).gatherMs,
    newOwner: randomUUID,
    report: reporting(log, createMetrics({ functionName: config.functionName })),
    log,
  };
});
