import { describe, expect, test } from '@jest/globals';
import {
  answer,
  apiWorld,
  demoSettings,
  json,
  nowMs,
  otherSecret,
  relaySecret,
  rotatingSecrets,
  signedCall,
} from '../../../support/api/api-world.ts';
import { apis, unauthorized } from './apis.ts';

describe.each(apis)('$name', ({ name, receive, body, refused }) => {
  test('401 is the same bytes for every reason, and comes before 400', async () => {
    const unsigned = { 'webhook-id': '', 'webhook-timestamp': '', 'webhook-signature': '' };
    const noSecret = apiWorld({ secrets: rotatingSecrets({ ...demoSettings, relaySecrets: [] }).secrets });
    const replies = [
      await refused(signedCall(name, { body, network: 'nobody' })),
      await refused(signedCall(name, { body, network: 'No_Network!' })),
      await refused(signedCall(name, { body, network: 'n'.repeat(33) })),
      await refused(signedCall(name, { body }, { pathParameters: {} })),
      await refused(signedCall(name, { body, secrets: [otherSecret] })),
      await refused(signedCall(name, { body, headers: unsigned })),
      await refused(signedCall(name, { body, id: 'not an id', secrets: [otherSecret] })),
      await refused(signedCall(name, { body, signedAtMs: nowMs - 301_000 })),
      await refused(signedCall(name, { body, signedAtMs: nowMs + 301_000 })),
      await refused(signedCall(name, { body }, { body: body.replace('shop', 'shoq') })),
      await refused(signedCall(name, { body: 'not json', secrets: [otherSecret] })),
      await refused(signedCall(name, { body }), noSecret),
    ];
    for (const reply of replies) {
      expect(reply.statusCode).toBe(401);
      expect(reply).toEqual(replies[0]);
    }
    expect(replies.map(json)[0]).toStrictEqual(unauthorized);
  });

  test.each([-300_000, 300_000])('a call signed %i ms away from now is let in', async (ms) => {
    const call = signedCall(name, { body, signedAtMs: nowMs + ms });
    expect((await answer(receive, call, apiWorld().services)).statusCode).toBe(202);
  });

  test('one good signature among several lets in, by either secret of a rotation', async () => {
    const rotating = { ...demoSettings, relaySecrets: [otherSecret, relaySecret] };
    for (const secrets of [[relaySecret], [otherSecret], [otherSecret, relaySecret]]) {
      const world = apiWorld({ secrets: rotatingSecrets(rotating).secrets });
      const reply = await answer(receive, signedCall(name, { body, secrets }), world.services);
      expect(reply.statusCode).toBe(202);
    }
    const both = signedCall(name, { body, secrets: [otherSecret, relaySecret] });
    expect((await answer(receive, both, apiWorld().services)).statusCode).toBe(202);
  });

  test('a secret rotated a moment ago is found without a deploy; a good signature never asks afresh', async () => {
    const world = apiWorld();
    world.rotate({ ...demoSettings, relaySecrets: [otherSecret] });
    await answer(receive, signedCall(name, { body }), world.services);
    expect(world.asked).toEqual([{ network: 'demo', fresh: false }]);

    const call = signedCall(name, { body, id: 'msg_2', secrets: [otherSecret] });
    expect((await answer(receive, call, world.services)).statusCode).toBe(202);
    expect(world.asked.slice(1)).toEqual([
      { network: 'demo', fresh: false },
      { network: 'demo', fresh: true },
    ]);
  });

  test.each([
    ['is stale', { signedAtMs: nowMs - 301_000 }],
    ['lies in the future', { signedAtMs: nowMs + 301_000 }],
    ['has no signature', { headers: { 'webhook-signature': '' } }],
    ['has an ill-formed signature', { headers: { 'webhook-signature': 'v1,AAAA v2,BBBB' } }],
    ['has no timestamp', { headers: { 'webhook-timestamp': '' } }],
  ])('signature first, secret second: a call that %s is refused before a secret is read', async (_, part) => {
    const world = apiWorld();
    expect((await refused(signedCall(name, { body, ...part }), world)).statusCode).toBe(401);
    expect(world.asked).toEqual([]);
  });

  test.each([
    'urn:uuid:6ec0bd7f-11c0-43da-975e-2a8ad9ebae0b',
    'evt/1',
    '{GUID}',
    'wp:57:1700000000',
    'm'.repeat(256),
  ])('the webhook-id %s is accepted', async (id) => {
    const reply = await answer(receive, signedCall(name, { body, id }), apiWorld().services);
    expect(reply.statusCode).toBe(202);
    expect(json(reply)).toMatchObject({ id });
  });

  test.each([
    ['', 'Is missing'],
    ['m'.repeat(257), 'Must be 1 to 256 visible ASCII characters, without blanks'],
    ['msg 1', 'Must be 1 to 256 visible ASCII characters, without blanks'],
  ])('400 bad-shape: the webhook-id %j, once its signature is proven', async (id, message) => {
    const reply = await refused(signedCall(name, { body, id }));
    expect(reply.statusCode).toBe(400);
    expect(json(reply)).toMatchObject({ type: 'bad-shape', issues: [{ path: 'webhook-id', message }] });
    const unproven = await refused(signedCall(name, { body, id, secrets: [otherSecret] }));
    expect(json(unproven)).toStrictEqual(unauthorized);
  });

  test('a call without a webhook-id is told so, once its signature is proven', async () => {
    const call = signedCall(name, { body, id: '' });
    const { 'webhook-id': _, ...headers } = call.headers;
    const reply = await refused({ ...call, headers });
    expect(json(reply)).toMatchObject({
      type: 'bad-shape',
      issues: [{ path: 'webhook-id', message: 'Is missing' }],
    });
  });

  test('the headers of Svix are read where those of Standard Webhooks are absent', async () => {
    const call = signedCall(name, { body });
    const headers = Object.fromEntries(
      Object.entries(call.headers).map(([header, value]) => [header.replace(/^webhook-/, 'svix-'), value]),
    );
    const reply = await answer(receive, { ...call, headers }, apiWorld().services);
    expect(reply.statusCode).toBe(202);
    expect(json(reply)).toMatchObject({ id: 'msg_1', status: 'accepted' });
    // Beside others they count for nothing.
    const stranger = await refused({ ...call, headers: { ...headers, 'webhook-id': 'msg_1' } });
    expect(stranger.statusCode).toBe(401);
  });

  test('nothing is asked about a network whose name cannot be one', async () => {
    const world = apiWorld();
    await refused(signedCall(name, { body, network: '../demo' }), world);
    expect(world.asked).toEqual([]);
  });
});
