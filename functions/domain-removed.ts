import { recordUpdate } from '../lib/sync/events/record-update.ts';
import { parseEvent } from '../lib/webhook/event.ts';
import { accepted, toUpdate } from './http/accepted.ts';
import { apiHandler, type Receive } from './http/api-handler.ts';
import { authenticateSigned, refuseProtected } from './http/authenticate.ts';
import { withWebhookId } from './http/problem.ts';
import { apiServices } from './services/api.ts';

/** Records that a domain is no longer wanted. */
export const receive: Receive = async (event, services) => {
  const now = services.clock.now();
  const { network, webhookId, body, settings } = await authenticateSigned(event, services, now);
  return withWebhookId(webhookId, async () => {
    const update = await toUpdate(network, webhookId, parseEvent(body, 'domain.removed', now));
    refuseProtected(update.domain, settings);
    const at = { now, baseMs: services.domainBaseMs };
    const acceptance = await recordUpdate(services.ledger, { ...update, wanted: 'absent' }, at);
    return accepted(event, update, acceptance, services);
  });
};

export const handler = apiHandler(receive, apiServices);
