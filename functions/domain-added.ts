import { recordUpdate } from '../lib/sync/events/record-update.ts';
import { takesBackRemoval } from '../lib/sync/events/takes-back.ts';
import type { CertificateRetry } from '../lib/sync/ledger/desired-state.ts';
import { isProtected } from '../lib/sync/network/listing/protected-names.ts';
import { parseBuiltIn } from '../lib/webhook/built-in.ts';
import { apiHandler, type Receive } from './http/api-handler.ts';
import { authenticateHook, refuseProtected } from './http/authenticate.ts';
import { textReply } from './http/request.ts';
import { type Arrival, receiveEvent, signedEvent } from './http/signed-event.ts';
import { type ApiServices, apiServices } from './services/api.ts';

/** A protected name is refused, unless its removal is on record: this takes it back. */
async function recordAdded(
  update: CertificateRetry,
  { now, settings }: Arrival,
  { ledger, domainBaseMs }: ApiServices,
) {
  const isKept = isProtected(update.domain, settings.protectedDomains);
  if (isKept && !(await takesBackRemoval(ledger, update))) refuseProtected(update.domain, settings);
  return recordUpdate(ledger, { ...update, wanted: 'present' }, { now, baseMs: domainBaseMs });
}

/** Records that a domain is wanted: by a signed event, or by the built-in webhook of Ultimate Multisite. */
export const receive: Receive = (call, services) =>
  call.pathParameters?.token === undefined ? receiveSigned(call, services) : receiveHook(call, services);

const receiveSigned = signedEvent('domain.added', recordAdded);

const receiveHook: Receive = async (call, services) => {
  const now = services.clock.now();
  const authenticated = await authenticateHook(call, services);
  const { network, body } = authenticated;
  const builtIn = parseBuiltIn(body, now);
  if (builtIn.kind === 'added') {
    const event = { webhookId: builtIn.id, parsed: () => builtIn.event, now };
    return receiveEvent(call, authenticated, event, recordAdded, services);
  }
  services.log.info('test event answered', { network, routeKey: call.routeKey, httpStatus: 200 });
  // Ultimate Multisite shows this sentence in a green box, whatever the status.
  return textReply(
    200,
    `Accepted: domains added in network ${network} will be taken over from this webhook. This was a test, nothing was changed.`,
  );
};

export const handler = apiHandler(receive, apiServices);
