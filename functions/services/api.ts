import { sqsClient, sqsMessages } from '../../lib/aws/queue.ts';
import { type Config, configOf } from '../../lib/config.ts';
import { once } from '../../lib/once.ts';
import type { Secrets } from '../../lib/settings/settings.ts';
import type { Queue } from '../../lib/sync/ledger/ports.ts';
import { type CommonServices, commonServices, commonVariables } from './common.ts';
import { type ApiSettings, apiSettings, secretsOf } from './secrets.ts';

/** What an API handler works with, built once per cold start. */
export interface ApiServices extends CommonServices {
  readonly secrets: Secrets<ApiSettings>;
  readonly queue: Pick<Queue, 'send'>;
  readonly domainBaseMs: number;
  readonly certificateBaseMs: number;
}

/** The same for the API handler that requests certificates too. */
export interface RetryServices extends ApiServices {
  readonly certificateQueue: Pick<Queue, 'send'>;
}

const apiVariables = [...commonVariables, 'SECRET_PREFIX', 'DOMAIN_QUEUE_URL'] as const;

function build(config: Config<(typeof apiVariables)[number]>): ApiServices {
  return {
    ...commonServices(config),
    secrets: secretsOf(config.SECRET_PREFIX, apiSettings, { limited: true }),
    queue: sqsMessages({ client: sqsClient(), url: config.DOMAIN_QUEUE_URL }),
    domainBaseMs: config.RETRY_BASE_SECONDS * 1_000,
    certificateBaseMs: config.CERTIFICATE_RETRY_BASE_SECONDS * 1_000,
  };
}

/** Built at the first call; clients and kept secrets live as long as the process. */
export const apiServices = once(async () => build(configOf(process.env, ...apiVariables)));

export const retryServices = once(async (): Promise<RetryServices> => {
  const config = configOf(process.env, ...apiVariables, 'CERTIFICATE_QUEUE_URL');
  const certificateQueue = sqsMessages({ client: sqsClient(), url: config.CERTIFICATE_QUEUE_URL });
  return { ...build(config), certificateQueue };
});
