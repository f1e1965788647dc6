import { randomUUID } from 'node:crypto';
import { dynamoClient, dynamoLedger } from '../../lib/aws/ledger.ts';
import { sqsClient, sqsMessages } from '../../lib/aws/queue.ts';
import { certificateDelays } from '../../lib/certificates/delays.ts';
import { systemClock } from '../../lib/clock.ts';
import { parseSweepConfig } from '../../lib/config.ts';
import { createLog, type Log } from '../../lib/observability/log.ts';
import { createMetrics, type Metrics } from '../../lib/observability/metrics.ts';
import { once } from '../../lib/once.ts';
import { domainDelays } from '../../lib/sync/ledger/delays.ts';
import type { SweepServices as Sweeping } from '../../lib/sync/sweep/sweep.ts';

/** All the sweep works with but the lines that name its call. */
export interface SweepServices extends Omit<Sweeping, 'report'> {
  readonly log: Log;
  readonly metrics: Metrics;
}

/** What the sweep works with; it knows no secret and nothing of RunCloud. */
export const sweepServices = once(async (): Promise<SweepServices> => {
  const config = parseSweepConfig(process.env);
  const client = sqsClient();
  return {
    ledger: dynamoLedger({ client: dynamoClient(), table: config.ledgerTable }),
    queue: sqsMessages({ client, url: config.domainQueueUrl }),
    certificateQueue: sqsMessages({ client, url: config.certificateQueueUrl }),
    clock: systemClock,
    delays: domainDelays(config.domainBaseMs),
    certificateDelays: certificateDelays(config.certificateBaseMs),
    newOwner: randomUUID,
    log: createLog({ service: 'runcloud-relay', level: config.logLevel }),
    metrics: createMetrics({ functionName: config.functionName }),
  };
});
