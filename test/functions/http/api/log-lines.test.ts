import { describe, expect, test } from '@jest/globals';
import type { DelayedMessage } from '../../../../lib/sync/ledger/ports.ts';
import {
  answer,
  apiWorld,
  nowMs,
  otherSecret,
  relaySecret,
  signedCall,
} from '../../../support/api/api-world.ts';
import { signatureHeaders } from '../../../support/api/sign.ts';
import { apis, domain } from './apis.ts';

describe.each(apis)('$name', ({ name, receive, event, body, refused }) => {
  const loggedIds = ({ lines }: { readonly lines: readonly string[] }): unknown[] =>
    lines.map((line) => JSON.parse(line).webhookId);

  test.each([
    ['accepted', body, {}],
    ['no event', '{', {}],
    ['protected', JSON.stringify({ ...event, data: { domain: 'network.example' } }), {}],
    [
      'not confirmed',
      body,
      { queue: { send: async (messages: readonly DelayedMessage[]) => [...messages] } },
    ],
  ])(
    'the line about an update that is %s names its id: it is part of the life of the event',
    async (_, text, part) => {
      const world = apiWorld(part);
      await answer(receive, signedCall(name, { body: text, id: 'msg_7' }), world.services);
      expect(loggedIds(world)).toEqual(['msg_7']);
    },
  );

  test('an unsigned id is not logged', async () => {
    const world = apiWorld();
    await refused(signedCall(name, { body, id: 'msg_7', secrets: [otherSecret] }), world);
    expect(loggedIds(world)).toEqual([undefined]);
  });

  test('one line is logged for each call: its result, and nothing that was sent but the names', async () => {
    const world = apiWorld();
    const marked = JSON.stringify({ ...event, note: 'secret-marker' });
    const headers = signatureHeaders(marked, { secrets: [relaySecret], id: 'msg_1', nowMs });
    await answer(receive, signedCall(name, { body: marked }), world.services);
    await answer(receive, signedCall(name, { body: marked, secrets: [otherSecret] }), world.services);
    expect(world.lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({
        level: 'INFO',
        network: 'demo',
        domain,
        routeKey: `POST /{network}/${name}`,
        status: 'accepted',
        webhookId: 'msg_1',
        httpStatus: 202,
      }),
      expect.objectContaining({ level: 'INFO', network: 'demo', code: 'unauthorized', httpStatus: 401 }),
    ]);
    const all = world.lines.join('\n');
    for (const never of ['marker', headers['webhook-signature'], relaySecret, '/demo/']) {
      expect(all).not.toContain(never);
    }
  });
});
