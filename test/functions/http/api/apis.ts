import { expect } from '@jest/globals';
import { receive as receiveAdded } from '../../../../functions/domain-added.ts';
import { receive as receiveRemoved } from '../../../../functions/domain-removed.ts';
import { receive as receiveRetry } from '../../../../functions/ssl-retry.ts';
import { answer, apiWorld, type signedCall } from '../../../support/api/api-world.ts';

type Receive = Parameters<typeof answer<ReturnType<typeof apiWorld>['services']>>[0];

/** The reply to a call that must leave no trace. */
async function refusedBy(receive: Receive, call: Parameters<typeof answer>[1], world = apiWorld()) {
  const reply = await answer(receive, call, world.services);
  expect(world.ledger.all('domain')).toEqual([]);
  expect(world.ledger.all('certificate')).toEqual([]);
  expect(world.queue.sent).toEqual([]);
  return reply;
}

export const domain = 'shop.acme-bikes.com';
export const timestamp = '2026-11-21T05:00:00.123Z';

function api(name: Parameters<typeof signedCall>[0], type: string, receive: Receive) {
  const event = { type, timestamp, data: { domain, siteId: 12, domainId: 57 } };
  const refused = (call: Parameters<typeof answer>[1], world = apiWorld()) => refusedBy(receive, call, world);
  return { name, type, receive, event, body: JSON.stringify(event), refused };
}

/** The functions that take events, each with an event of its type. */
export const apis = [
  api('domain-added', 'domain.added', receiveAdded),
  api('domain-removed', 'domain.removed', receiveRemoved),
  api('ssl-retry', 'domain.ssl_retry', receiveRetry),
];

export const unauthorized = {
  type: 'unauthorized',
  title: 'Unauthorized',
  status: 401,
  detail: 'The network is unknown, or the signature or token is missing, stale or wrong',
};
