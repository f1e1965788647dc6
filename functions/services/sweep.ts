import { randomUUID } from 'node:crypto';
import { countMessages, sqsClient, sqsMessages } from '../../lib/aws/queue.ts';
import { snsClient, snsPublisher } from '../../lib/aws/topic.ts';
import { certificateDelays } from '../../lib/certificates/delays.ts';
import { configOf } from '../../lib/config.ts';
import type { Log } from '../../lib/observability/log.ts';
import { once } from '../../lib/once.ts';
import { domainDelays } from '../../lib/sync/ledger/delays.ts';
import type { SweeperServices } from '../../lib/sync/sweep/sweep.ts';
import { commonVariables, guardedServices, SERVICE } from './common.ts';
import type { Metrics } from './outcome-metric.ts';

/** Everything the sweep works with, except the reports that name its call. */
export interface SweepServices extends Omit<SweeperServices, 'report' | 'reportUnmailed'> {
  readonly log: Log;
  readonly metrics: Metrics;
}

/** The options of the command line that name this deployment, by the names that AWS gave it. */
function targetOf(functionName: string, topic: string): string {
  const stage = new RegExp(`^${SERVICE}-(.+)-sweep$`).exec(functionName)?.[1];
  const region = topic.split(':')[3];
  return stage === undefined || region === undefined ? '--local' : `--stage ${stage} --region ${region}`;
}

/** Built at the first call. The sweep reads no secret and does not call RunCloud. */
export const sweepServices = once(async (): Promise<SweepServices> => {
  const config = configOf(
    process.env,
    ...commonVariables,
    'DOMAIN_QUEUE_URL',
    'CERTIFICATE_QUEUE_URL',
    'OUTCOME_QUEUE_URL',
    'DOMAIN_DLQ_URL',
    'CERTIFICATE_DLQ_URL',
    'OUTCOME_DLQ_URL',
    'NOTICE_TOPIC_ARN',
  );
  const client = sqsClient();
  return {
    ...guardedServices(config),
    queue: sqsMessages({ client, url: config.DOMAIN_QUEUE_URL }),
    certificateQueue: sqsMessages({ client, url: config.CERTIFICATE_QUEUE_URL }),
    outcomeQueue: sqsMessages({ client, url: config.OUTCOME_QUEUE_URL }),
    mailer: {
      publish: snsPublisher({ client: snsClient(), topic: config.NOTICE_TOPIC_ARN }),
      countDeadLetters: () =>
        countMessages(client, [config.DOMAIN_DLQ_URL, config.CERTIFICATE_DLQ_URL, config.OUTCOME_DLQ_URL]),
      target: targetOf(config.AWS_LAMBDA_FUNCTION_NAME, config.NOTICE_TOPIC_ARN),
    },
    delays: domainDelays(config.RETRY_BASE_SECONDS * 1_000),
    certificateDelays: certificateDelays(config.CERTIFICATE_RETRY_BASE_SECONDS * 1_000),
    newOwner: randomUUID,
  };
});
