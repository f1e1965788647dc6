import { certificateDelays } from '../lib/certificates/delays.ts';
import { Unavailable } from '../lib/errors.ts';
import { recordRetry } from '../lib/sync/events/record-retry.ts';
import { batchedMessage } from '../lib/sync/ledger/certificate-request.ts';
import { parseEvent } from '../lib/webhook/event.ts';
import { accepted, toUpdate } from './http/accepted.ts';
import { apiHandler, type Receive } from './http/api-handler.ts';
import { authenticateSigned, refuseProtected } from './http/authenticate.ts';
import { withWebhookId } from './http/problem.ts';
import type { RetryServices } from './services/api.ts';
import { retryServices } from './services/api.ts';

/** Records that a certificate is wanted now. */
export const receive: Receive<RetryServices> = async (event, services) => {
  const now = services.clock.now();
  const { network, webhookId, body, settings } = await authenticateSigned(event, services, now);
  return withWebhookId(webhookId, async () => {
    const update = await toUpdate(network, webhookId, parseEvent(body, 'domain.ssl_retry', now));
    refuseProtected(update.domain, settings);
    const acceptance = await recordRetry(services.ledger, update, {
      now,
      baseMs: services.certificateBaseMs,
      domainBaseMs: services.domainBaseMs,
    });
    if (acceptance.status !== 'superseded') {
      const { batchMs } = certificateDelays(services.certificateBaseMs);
      const left = await services.certificateQueue.send([batchedMessage(network, batchMs)]);
      if (left.length > 0) throw new Unavailable('queue');
    }
    return accepted(event, update, acceptance, services);
  });
};

export const handler = apiHandler(receive, retryServices);
