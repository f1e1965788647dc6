import { randomUUID } from 'node:crypto';
import { sqsClient, sqsMessages } from '../../lib/aws/queue.ts';
import { certificateDelays } from '../../lib/certificates/delays.ts';
import { configOf } from '../../lib/config.ts';
import type { Log } from '../../lib/observability/log.ts';
import type { Metrics } from '../../lib/observability/metrics.ts';
import { once } from '../../lib/once.ts';
import { domainDelays } from '../../lib/sync/ledger/delays.ts';
import type { SweepServices as Sweeping } from '../../lib/sync/sweep/sweep.ts';
import { commonServices, commonVariables } from './common.ts';

/** Everything the sweep works with, except the report that names its call. */
export interface SweepServices extends Omit<Sweeping, 'report'> {
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Built at the first call. The sweep reads no secret and does not call RunCloud. */
export const sweepServices = once(async (): Promise<SweepServices> => {
  const config = configOf(
    process.env,
    ...commonVariables,
    'DOMAIN_QUEUE_URL',
    'CERTIFICATE_QUEUE_URL',
    'OUTCOME_QUEUE_URL',
  );
  const client = sqsClient();
  return {
    ...commonServices(config),
    queue: sqsMessages({ client, url: config.DOMAIN_QUEUE_URL }),
    certificateQueue: sqsMessages({ client, url: config.CERTIFICATE_QUEUE_URL }),
    outcomeQueue: sqsMessages({ client, url: config.OUTCOME_QUEUE_URL }),
    delays: domainDelays(config.RETRY_BASE_SECONDS * 1_000),
    certificateDelays: certificateDelays(config.CERTIFICATE_RETRY_BASE_SECONDS * 1_000),
    newOwner: randomUUID,
  };
});
