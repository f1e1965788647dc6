import { describe, expect, test } from '@jest/globals';
import { answer, apiWorld, json, nowMs, otherSecret, signedCall } from '../../../support/api/api-world.ts';
import { apis, domain, timestamp } from './apis.ts';

describe.each(apis)('$name', ({ name, type, receive, event, body, refused }) => {
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

  test('a subdomain of a protected name is not protected', async () => {
    const call = signedCall(name, {
      body: JSON.stringify({ ...event, data: { domain: 'a.network.example' } }),
    });
    expect((await answer(receive, call, apiWorld().services)).statusCode).toBe(202);
  });
});
