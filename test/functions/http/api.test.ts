import { describe, expect, test } from '@jest/globals';
import { receive as receiveAdded } from '../../../functions/domain-added.ts';
import { receive as receiveRemoved } from '../../../functions/domain-removed.ts';
import { receive as receiveRetry } from '../../../functions/ssl-retry.ts';
import { Unavailable } from '../../../lib/errors.ts';
import { SecretMissing } from '../../../lib/sync/ledger/errors.ts';
import type { DelayedMessage } from '../../../lib/sync/ledger/ports.ts';
import { memoryLedger } from '../../doubles/ledger.ts';
import { memoryQueue } from '../../doubles/queue.ts';
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
} from '../../support/api/api-world.ts';
import { signatureHeaders } from '../../support/api/sign.ts';

const apis = [
  { name: 'domain-added', type: 'domain.added', receive: receiveAdded },
  { name: 'domain-removed', type: 'domain.removed', receive: receiveRemoved },
  { name: 'ssl-retry', type: 'domain.ssl_retry', receive: receiveRetry },
] as const;

const unauthorized = {
  type: 'unauthorized',
  title: 'Unauthorized',
  status: 401,
  detail: 'The network is unknown, or the signature or token is missing, stale or wrong',
};

describe.each(apis)('$name', ({ name, type, receive }) => {
  const domain = 'shop.acme-bikes.com';
  const timestamp = '2026-11-21T05:00:00.123Z';
  const event = { type, timestamp, data: { domain, siteId: 12, domainId: 57 } };
  const body = JSON.stringify(event);

  /** The reply to a call that must leave no trace. */
  const refused = async (call: Parameters<typeof answer>[1], world = apiWorld()) => {
    const reply = await answer(receive, call, world.services);
    expect(world.ledger.all('domain')).toEqual([]);
    expect(world.ledger.all('certificate')).toEqual([]);
    expect(world.queue.sent).toEqual([]);
    return reply;
  };

  test('confirms an update with the body of the contract, keeps it and sends a message', async () => {
    const world = apiWorld();
    const reply = await answer(receive, signedCall(name, { body }), world.services);
    expect(reply.statusCode).toBe(202);
    expect(reply.headers).toEqual({ 'Content-Type': 'application/json' });
    expect(json(reply)).toStrictEqual({
      id: 'msg_1',
      network: 'demo',
      domain,
      status: 'accepted',
      latest: timestamp,
      statusUrl: `https://relay.acme-bikes.com/demo/domains/${domain}`,
    });
    expect(world.ledger.all('domain')).toMatchObject([
      {
        network: 'demo',
        domain,
        wanted: type === 'domain.removed' ? 'absent' : 'present',
        version: { timestamp, id: 'msg_1' },
        www: false,
        native: false,
        siteId: 12,
        domainId: 57,
        dueAt: nowMs,
        sendAt: nowMs + 4 * 30_000,
      },
    ]);
    expect(world.queue.sent).toEqual([{ message: { network: 'demo', domain }, delaySeconds: 0 }]);
  });

  test('takes a body that came as base64', async () => {
    const call = signedCall(name, { body }, { body: Buffer.from(body) });
    expect((await answer(receive, call, apiWorld().services)).statusCode).toBe(202);
  });

  test('the same call again is a duplicate, and its open work gets a message again', async () => {
    const world = apiWorld();
    await answer(receive, signedCall(name, { body }), world.services);
    const reply = await answer(receive, signedCall(name, { body }), world.services);
    expect(reply.statusCode).toBe(202);
    expect(json(reply)).toMatchObject({ status: 'duplicate', latest: timestamp });
    expect(world.queue.sent).toHaveLength(2);
  });

  test('an update older than the last is superseded and names the last', async () => {
    const world = apiWorld();
    await answer(receive, signedCall(name, { body }), world.services);
    const older = JSON.stringify({ ...event, timestamp: '2026-11-21T04:59:59.999Z' });
    const reply = await answer(receive, signedCall(name, { body: older, id: 'msg_0' }), world.services);
    expect(reply.statusCode).toBe(202);
    expect(json(reply)).toMatchObject({ id: 'msg_0', status: 'superseded', latest: timestamp });
  });

  test('a body of 16 KiB is taken, a byte more is 413, before anything else is checked', async () => {
    const padded = (size: number) => body + ' '.repeat(size - body.length);
    const largest = signedCall(name, { body: padded(16_384) });
    expect((await answer(receive, largest, apiWorld().services)).statusCode).toBe(202);

    const reply = await refused(
      signedCall(name, {
        body: padded(16_385),
        network: 'nobody',
        headers: { 'content-type': 'text/plain' },
      }),
    );
    expect(reply.statusCode).toBe(413);
    expect(json(reply)).toMatchObject({ type: 'too-large', status: 413 });
  });

  test('the size is that of the bytes, not of the characters or of their base64', async () => {
    const wide = `"${'ü'.repeat(8_191)}"`;
    expect(Buffer.byteLength(wide)).toBe(16_384);
    expect((await refused(signedCall(name, { body: wide }))).statusCode).toBe(400);
    expect((await refused(signedCall(name, { body: `${wide} ` }))).statusCode).toBe(413);
    const encoded = signedCall(name, { body: wide }, { body: Buffer.from(wide) });
    expect((await refused(encoded)).statusCode).toBe(400);
  });

  test.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;v=1'])(
    'the content type %s is taken',
    async (contentType) => {
      const call = signedCall(name, { body, headers: { 'content-type': contentType } });
      expect((await answer(receive, call, apiWorld().services)).statusCode).toBe(202);
    },
  );

  test.each([
    { 'content-type': '' },
    { 'content-type': 'text/plain' },
    { 'content-type': 'application/x-www-form-urlencoded' },
    { 'content-type': 'application/json-seq' },
    // Blanks to Unicode, but not to HTTP.
    { 'content-type': '\u000bapplication/json' },
    { 'content-type': 'application/json\u00a0' },
    { 'content-type': 'application/problem+json' },
    { 'content-encoding': 'gzip' },
    { 'content-encoding': 'identity' },
  ])('%j is 415, before the signature is looked at', async (headers) => {
    const reply = await refused(signedCall(name, { body, headers, secrets: [otherSecret] }));
    expect(reply.statusCode).toBe(415);
    expect(json(reply)).toMatchObject({ type: 'unsupported-media-type', status: 415 });
  });

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

  test.each([
    ['not-json', '{"type":', ''],
    ['bad-shape', '{"type":"x"}', 'timestamp'],
    ['wrong-type', JSON.stringify({ ...event, type: 'domain.renamed' }), 'type'],
    ['bad-domain', JSON.stringify({ ...event, data: { domain: '*.acme-bikes.com' } }), 'data.domain'],
    ['too-new', JSON.stringify({ ...event, timestamp: '2026-11-21T05:05:30.251Z' }), 'timestamp'],
    ['too-old', JSON.stringify({ ...event, timestamp: '2026-10-22T05:00:30.249Z' }), 'timestamp'],
  ])('400 %s names what is wrong', async (problem, badBody, path) => {
    const reply = await refused(signedCall(name, { body: badBody }));
    expect(reply.statusCode).toBe(400);
    expect(reply.headers).toEqual({ 'Content-Type': 'application/problem+json' });
    expect(json(reply)).toStrictEqual({
      type: problem,
      title: expect.any(String),
      status: 400,
      detail: expect.any(String),
      issues: expect.arrayContaining([{ path, message: expect.stringMatching(/^(Must|Is missing)/) }]),
    });
  });

  test.each(['network.example', 'WWW.Network.Example.', 'www.main.example', 'main.example'])(
    '%s is the network itself: 422',
    async (protectedName) => {
      const call = signedCall(name, { body: JSON.stringify({ ...event, data: { domain: protectedName } }) });
      const reply = await refused(call);
      expect(reply.statusCode).toBe(422);
      expect(json(reply)).toMatchObject({ type: 'protected-domain', status: 422 });
    },
  );

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

  test('a subdomain of a protected name is not protected', async () => {
    const call = signedCall(name, {
      body: JSON.stringify({ ...event, data: { domain: 'a.network.example' } }),
    });
    expect((await answer(receive, call, apiWorld().services)).statusCode).toBe(202);
  });

  const unavailable = {
    type: 'unavailable',
    title: 'Temporarily unavailable',
    status: 503,
    detail: 'Nothing was confirmed; sending the same again is safe',
  };
  const fail = (error: unknown) => () => Promise.reject(error);
  const ledgerWithout = (...calls: readonly ('read' | 'write' | 'create')[]) => {
    const away = calls.map((call) => [call, fail(new Unavailable('ledger'))]);
    return { ...memoryLedger(), ...Object.fromEntries(away) };
  };

  test.each([
    ['the secrets are', { secrets: { settings: fail(new Unavailable('secrets')) } }],
    [
      'the secret is faulty, so it is',
      { secrets: { settings: fail(new SecretMissing('RELAY_SECRET is missing')) } },
    ],
    ['the ledger is', { ledger: ledgerWithout('read', 'create') }],
    ['the ledger cannot be written, so it is', { ledger: ledgerWithout('write', 'create') }],
    ['the queue is', { queue: { ...memoryQueue(), send: fail(new Unavailable('queue')) } }],
    [
      'a message was not accepted, so the queue is',
      { queue: { ...memoryQueue(), send: async (messages: readonly DelayedMessage[]) => [...messages] } },
    ],
  ] as const)('%s out of reach: 503 and a time to come back', async (_what, part) => {
    const { services } = apiWorld(part);
    const reply = await answer(receive, signedCall(name, { body }), services);
    expect(reply).toMatchObject({
      statusCode: 503,
      headers: { 'Content-Type': 'application/problem+json', 'Retry-After': '10' },
    });
    expect(json(reply)).toStrictEqual(unavailable);
  });

  test('an update whose message failed is kept and open, and a repeat finishes it', async () => {
    const world = apiWorld();
    const broken = { ...world.services, queue: { ...world.queue, send: fail(new Unavailable('queue')) } };
    expect((await answer(receive, signedCall(name, { body }), broken)).statusCode).toBe(503);
    expect(world.ledger.all('domain')).toMatchObject([{ domain, dueAt: nowMs }]);
    expect((await answer(receive, signedCall(name, { body }), world.services)).statusCode).toBe(202);
    expect(world.queue.sent).toHaveLength(1);
  });

  test('a call that would be cut off is answered before: 503', async () => {
    const { services } = apiWorld({ secrets: { settings: () => new Promise(() => undefined) } });
    const reply = await answer(receive, signedCall(name, { body }), services, 501);
    expect(json(reply)).toStrictEqual(unavailable);
  });

  test('a bug is 500 and shows nothing', async () => {
    const world = apiWorld({ secrets: { settings: fail(new TypeError('inside knowledge')) } });
    const reply = await answer(receive, signedCall(name, { body }), world.services);
    expect(reply.statusCode).toBe(500);
    expect(reply.body).not.toContain('inside');
    expect(json(reply)).toStrictEqual({
      type: 'internal-error',
      title: 'Internal error',
      status: 500,
      detail: expect.any(String),
    });
    expect(world.lines).toHaveLength(1);
    expect(JSON.parse(world.lines[0] ?? '')).toMatchObject({ level: 'ERROR', error: { name: 'TypeError' } });
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
