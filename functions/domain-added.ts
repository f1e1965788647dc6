import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { recordUpdate } from '../lib/sync/events/record-update.ts';
import { parseBuiltIn } from '../lib/webhook/built-in.ts';
import { type DomainEvent, parseEvent } from '../lib/webhook/event.ts';
import { accepted, toUpdate } from './http/accepted.ts';
import { apiHandler, type Receive } from './http/api-handler.ts';
import {
  type AuthenticatedCall,
  authenticateHook,
  authenticateSigned,
  refuseProtected,
} from './http/authenticate.ts';
import { withWebhookId } from './http/problem.ts';
import { textReply } from './http/request.ts';
import type { ApiServices } from './services/api.ts';
import { apiServices } from './services/api.ts';

/** Records that a domain is wanted: by a signed event, or by the built-in webhook of Ultimate Multisite. */
export const receive: Receive = (event, services) =>
  event.pathParameters?.token === undefined ? receiveSigned(event, services) : receiveHook(event, services);

const receiveSigned: Receive = async (event, services) => {
  const now = services.clock.now();
  const { webhookId, ...entry } = await authenticateSigned(event, services, now);
  return withWebhookId(webhookId, async () =>
    added(event, entry, webhookId, parseEvent(entry.body, 'domain.added', now), now, services),
  );
};

const receiveHook: Receive = async (event, services) => {
  const now = services.clock.now();
  const entry = await authenticateHook(event, services);
  const builtIn = parseBuiltIn(entry.body, now);
  if (builtIn.kind === 'added') {
    return withWebhookId(builtIn.id, () => added(event, entry, builtIn.id, builtIn.event, now, services));
  }
  services.log.info('test event answered', {
    network: entry.network,
    routeKey: event.routeKey,
    httpStatus: 200,
  });
  // Ultimate Multisite shows this sentence in a green box, whatever the status.
  return textReply(
    200,
    `Accepted: domains added in network ${entry.network} will be taken over from this webhook. This was a test, nothing was changed.`,
  );
};

async function added(
  event: APIGatewayProxyEventV2,
  { network, settings }: AuthenticatedCall,
  id: string,
  builtIn: DomainEvent,
  now: number,
  services: ApiServices,
) {
  const update = await toUpdate(network, id, builtIn);
  refuseProtected(update.domain, settings);
  const at = { now, baseMs: services.domainBaseMs };
  const acceptance = await recordUpdate(services.ledger, { ...update, wanted: 'present' }, at);
  return accepted(event, update, acceptance, services);
}

export const handler = apiHandler(receive, apiServices);
