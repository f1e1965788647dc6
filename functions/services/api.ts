import { dynamoClient, dynamoLedger } from '../../lib/aws/ledger.ts';
import { sqsClient, sqsMessages } from '../../lib/aws/queue.ts';
import { secretsManager, secretsManagerClient } from '../../lib/aws/secrets.ts';
import { systemClock } from '../../lib/clock.ts';
import { parseApiConfig, parseRetryConfig } from '../../lib/config.ts';
import { createLog } from '../../lib/observability/log.ts';
import { createMetrics } from '../../lib/observability/metrics.ts';
import { once } from '../../lib/once.ts';
import type { NetworkSettings } from '../../lib/settings/settings.ts';
import type { ApiServices, ApiSettings, RetryServices } from './api-services.ts';

/** What is not picked here is forgotten with the answer it came in: an API handler cannot give away RunCloud's keys. */
function apiSettings(settings: NetworkSettings): ApiSettings {
  return {
    relaySecrets: settings.relaySecrets,
    hookTokens: settings.hookTokens,
    readTokens: settings.readTokens,
    protectedDomains: settings.protectedDomains,
  };
}

function build(config: ReturnType<typeof parseApiConfig>): ApiServices {
  return {
    secrets: secretsManager({
      client: secretsManagerClient(),
      prefix: config.secretPrefix,
      clock: systemClock,
      pick: apiSettings,
    }),
    ledger: dynamoLedger({ client: dynamoClient(), table: config.ledgerTable }),
    queue: sqsMessages({ client: sqsClient(), url: config.domainQueueUrl }),
    clock: systemClock,
    log: createLog({ service: 'runcloud-relay', level: config.logLevel }),
    metrics: createMetrics({ functionName: config.functionName }),
    domainBaseMs: config.domainBaseMs,
    certificateBaseMs: config.certificateBaseMs,
  };
}

/** What an API handler works with, built at its first call; clients and kept secrets live as long as the process. */
export const apiServices = once(async (): Promise<ApiServices> => build(parseApiConfig(process.env)));

/** The same for the API handler that asks for a look at certificates too. */
export const retryServices = once(async (): Promise<RetryServices> => {
  const config = parseRetryConfig(process.env);
  const certificateQueue = sqsMessages({ client: sqsClient(), url: config.certificateQueueUrl });
  return { ...build(config), certificateQueue };
});
