import { sqsClient, sqsMessages, sqsQueue } from '../../lib/aws/queue.ts';
import { certificateDelays } from '../../lib/certificates/delays.ts';
import { configOf } from '../../lib/config.ts';
import type { Log } from '../../lib/observability/log.ts';
import type { RuncloudMetrics } from '../../lib/observability/runcloud-metrics.ts';
import { once } from '../../lib/once.ts';
import { domainDelays } from '../../lib/sync/ledger/delays.ts';
import { KnownCredentials } from '../../lib/sync/network/known-credentials.ts';
import { KeptListings } from '../../lib/sync/network/listing/kept-listings.ts';
import type { NetworkWorkServices } from '../../lib/sync/network-work/run.ts';
import type { WorkerServices } from '../../lib/sync/reconcile/reconcile.ts';
import type { Metrics } from './outcome-metric.ts';
import { workerServices, workerVariables } from './worker.ts';

/** What the worker works with, without what belongs to one call: its lease, and the reports that name the call. */
export interface SyncServices
  extends Omit<
    WorkerServices & NetworkWorkServices,
    'leaseMs' | 'report' | 'reportDeferred' | 'reportUnsent' | 'reportComparison'
  > {
  readonly log: Log;
  readonly metrics: Metrics & Pick<RuncloudMetrics, 'writeCalls'>;
}

/** Built at the first call; clients, kept secrets and listings live as long as the process. */
export const syncServices = once(async (): Promise<SyncServices> => {
  const config = configOf(
    process.env,
    ...workerVariables,
    'DOMAIN_QUEUE_URL',
    'DOMAIN_DLQ_URL',
    'DRIFT_DRY_RUN',
  );
  return {
    ...workerServices(config),
    queue: sqsQueue({
      client: sqsClient(),
      url: config.DOMAIN_QUEUE_URL,
      deadLetterUrl: config.DOMAIN_DLQ_URL,
    }),
    certificateQueue: sqsMessages({ client: sqsClient(), url: config.CERTIFICATE_QUEUE_URL }),
    listings: new KeptListings(),
    credentials: new KnownCredentials(),
    delays: domainDelays(config.RETRY_BASE_SECONDS * 1_000),
    batchMs: certificateDelays(config.CERTIFICATE_RETRY_BASE_SECONDS * 1_000).batchMs,
    driftDryRun: config.DRIFT_DRY_RUN,
  };
});
