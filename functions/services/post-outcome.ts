import { randomUUID } from 'node:crypto';
import { sqsClient, sqsDeadLetters } from '../../lib/aws/queue.ts';
import { postWebhook } from '../../lib/callback/post.ts';
import { configOf } from '../../lib/config.ts';
import type { Log } from '../../lib/observability/log.ts';
import { once } from '../../lib/once.ts';
import type { Secrets } from '../../lib/settings/settings.ts';
import { domainDelays } from '../../lib/sync/ledger/delays.ts';
import type { DeliveryServices } from '../../lib/sync/outcomes/deliver.ts';
import type { Receivers } from '../../lib/sync/outcomes/ports.ts';
import { commonServices, commonVariables } from './common.ts';
import type { Metrics } from './outcome-metric.ts';
import { type OutcomeSettings, outcomeSettings, secretsOf } from './secrets.ts';

/** What the worker works with, without what belongs to one call: its lease, and the reports that name the call. */
export interface PostServices extends Omit<DeliveryServices, 'leaseMs' | 'report' | 'reportDeferred'> {
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Where each network's outcomes go, by its secret. */
function receiversOf(secrets: Secrets<OutcomeSettings>): Receivers {
  return {
    receiver: async (network, { fresh }) => {
      const settings = await secrets.settings(network, { fresh });
      if (settings === undefined || settings.callbackUrl === null) return undefined;
      return { url: settings.callbackUrl, secrets: settings.relaySecrets };
    },
  };
}

/** Built at the first call; clients and kept secrets live as long as the process. */
export const postServices = once(async (): Promise<PostServices> => {
  const config = configOf(process.env, ...commonVariables, 'SECRET_PREFIX', 'OUTCOME_DLQ_URL');
  return {
    ...commonServices(config),
    queue: sqsDeadLetters({ client: sqsClient(), deadLetterUrl: config.OUTCOME_DLQ_URL }),
    receivers: receiversOf(secretsOf(config.SECRET_PREFIX, outcomeSettings)),
    post: postWebhook(),
    random: Math.random,
    delays: domainDelays(config.RETRY_BASE_SECONDS * 1_000),
    newOwner: randomUUID,
  };
});
