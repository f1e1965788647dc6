import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { receive } from '../../functions/domain-added.ts';
import { receive as receiveRemoved } from '../../functions/domain-removed.ts';
import { domainKey } from '../../lib/sync/ledger/keys.ts';
import {
  answer,
  apiWorld,
  demoSettings,
  hookCall,
  hookToken,
  json,
  rotatingSecrets,
  signedCall,
} from '../support/api/api-world.ts';
import { settledItem } from '../support/sync/items.ts';

const timestamp = '2026-11-21T05:00:00.000Z';

describe('a signed event', () => {
  const body = (data: object) => JSON.stringify({ type: 'domain.added', timestamp, data });

  test('the name is kept and answered in its normal form', async () => {
    const world = apiWorld();
    const reply = await answer(
      receive,
      signedCall('domain-added', { body: body({ domain: ' Bücher.de. ' }) }),
      world.services,
    );
    expect(json(reply)).toMatchObject({
      domain: 'xn--bcher-kva.de',
      statusUrl: 'https://relay.acme-bikes.com/demo/domains/xn--bcher-kva.de',
    });
    expect(world.ledger.all('domain')).toMatchObject([
      { domain: 'xn--bcher-kva.de', www: true, siteId: null },
    ]);
  });

  test('what the multisite says about www and native is kept', async () => {
    const world = apiWorld();
    const data = { domain: 'acme.network.example', www: true, native: true };
    await answer(receive, signedCall('domain-added', { body: body(data) }), world.services);
    expect(world.ledger.all('domain')).toMatchObject([{ www: true, native: true }]);
  });

  test('times in the answer are in UTC with milliseconds', async () => {
    const local = JSON.stringify({
      type: 'domain.added',
      timestamp: '2026-11-21T06:00:00+01:00',
      data: { domain: 'acme-bikes.com' },
    });
    const reply = await answer(receive, signedCall('domain-added', { body: local }), apiWorld().services);
    expect(json(reply)).toMatchObject({ latest: timestamp });
  });
});

describe('the built-in webhook', () => {
  const payload = {
    domain_id: 57,
    domain_domain: 'acme-bikes.com',
    domain_site_id: '12',
    domain_stage: 'checking-dns',
    domain_active: 'true',
    domain_date_created: '2026-11-21 05:00:00',
    site_id: 12,
    customer_name: 'marker-name',
    customer_user_email: 'marker@acme-bikes.com',
    customer_billing_address: 'marker street 1',
    wu_version: '2.4.13',
  };
  const body = JSON.stringify(payload);
  const mock = JSON.stringify({
    ...payload,
    domain_id: 0,
    domain_domain: 'example.com',
    domain_date_created: null,
  });

  const untouched = (world: ReturnType<typeof apiWorld>) => {
    expect(world.ledger.all('domain')).toEqual([]);
    expect(world.queue.sent).toEqual([]);
  };

  test('a domain is taken with the token alone, and answered like an event', async () => {
    const world = apiWorld();
    const reply = await answer(receive, hookCall(body), world.services);
    expect(reply.statusCode).toBe(202);
    expect(json(reply)).toStrictEqual({
      id: 'wu-57',
      network: 'demo',
      domain: 'acme-bikes.com',
      status: 'accepted',
      latest: timestamp,
      statusUrl: 'https://relay.acme-bikes.com/demo/domains/acme-bikes.com',
    });
    expect(world.ledger.all('domain')).toMatchObject([
      {
        wanted: 'present',
        www: true,
        native: false,
        siteId: 12,
        domainId: 57,
        version: { timestamp, id: 'wu-57' },
      },
    ]);
    expect(world.queue.sent).toHaveLength(1);
  });

  test('nothing about the customer is kept, queued or logged', async () => {
    const world = apiWorld();
    const reply = await answer(receive, hookCall(body), world.services);
    const traces = JSON.stringify([world.ledger.all('domain'), world.queue.sent, world.lines, reply]);
    expect(traces).not.toContain('marker');
    expect(traces).not.toContain(hookToken);
  });

  test('a replay never revives what was removed later', async () => {
    const world = apiWorld();
    await answer(receive, hookCall(body), world.services);
    const removal = JSON.stringify({
      type: 'domain.removed',
      timestamp: '2026-11-21T05:00:10.000Z',
      data: { domain: 'acme-bikes.com' },
    });
    await answer(receiveRemoved, signedCall('domain-removed', { body: removal }), world.services);
    const reply = await answer(receive, hookCall(body), world.services);
    expect(json(reply)).toMatchObject({ status: 'superseded', latest: '2026-11-21T05:00:10.000Z' });
    expect(world.ledger.all('domain')).toMatchObject([{ wanted: 'absent' }]);
  });

  test('its test event is answered with a sentence and touches nothing', async () => {
    const world = apiWorld();
    const reply = await answer(receive, hookCall(mock), world.services);
    expect(reply.statusCode).toBe(200);
    expect(reply.headers).toEqual({ 'Content-Type': 'text/plain; charset=utf-8' });
    expect(reply.body).toMatch(/^Accepted: .*network demo.*nothing was changed\.$/);
    untouched(world);
    expect(world.lines).toHaveLength(1);
  });

  test('a test event with a wrong token is refused', async () => {
    const world = apiWorld();
    const reply = await answer(receive, hookCall(mock, 'x'.repeat(32)), world.services);
    expect(reply.statusCode).toBe(401);
    expect(json(reply)).toMatchObject({ title: 'Unauthorized' });
    untouched(world);
  });

  test('401 is the same bytes for every reason', async () => {
    const tokenless = apiWorld({ secrets: rotatingSecrets({ ...demoSettings, hookTokens: [] }).secrets });
    const replies = [
      await answer(receive, hookCall(body, 'x'.repeat(32)), apiWorld().services),
      await answer(receive, hookCall(body, ''), apiWorld().services),
      await answer(receive, hookCall(body, hookToken, 'nobody'), apiWorld().services),
      await answer(receive, hookCall(body), tokenless.services),
      await answer(receive, hookCall(body, ''), tokenless.services),
      await answer(receive, signedCall('domain-added', { body, network: 'nobody' }), apiWorld().services),
    ];
    for (const reply of replies) expect(reply).toEqual(replies[0]);
    expect(replies[0]?.statusCode).toBe(401);
  });

  test('each of several tokens opens, and one rotated a moment ago does too', async () => {
    const world = apiWorld();
    world.rotate({ ...demoSettings, hookTokens: ['a'.repeat(32), 'b'.repeat(32)] });
    expect((await answer(receive, hookCall(body, 'b'.repeat(32)), world.services)).statusCode).toBe(202);
    expect((await answer(receive, hookCall(body, 'a'.repeat(32)), world.services)).statusCode).toBe(202);
    expect((await answer(receive, hookCall(body), world.services)).statusCode).toBe(401);
  });

  test('a signature does not stand in for the token', async () => {
    const call = signedCall('domain-added', { body }, { pathParameters: { network: 'demo', token: 'x' } });
    expect((await answer(receive, call, apiWorld().services)).statusCode).toBe(401);
  });

  test.each([
    [413, body + ' '.repeat(16_384), {}],
    [415, body, { 'content-type': 'text/plain' }],
    [400, 'domain_id=57', {}],
    [400, JSON.stringify({ ...payload, domain_date_created: null }), {}],
    [422, JSON.stringify({ ...payload, domain_domain: 'network.example' }), {}],
  ])('size, type, shape and protection are checked as for events: %i', async (status, text, headers) => {
    const world = apiWorld();
    const call = hookCall(text);
    const reply = await answer(
      receive,
      { ...call, headers: { ...call.headers, ...headers } },
      world.services,
    );
    expect(reply.statusCode).toBe(status);
    untouched(world);
  });

  test('the sample payload of events/ is taken', async () => {
    const sample = readFileSync(
      new URL('../../events/08-built-in-domain-created.json', import.meta.url),
      'utf8',
    );
    const text = JSON.stringify({ ...JSON.parse(sample).body, domain_date_created: '2026-11-21 05:00:00' });
    expect((await answer(receive, hookCall(text), apiWorld().services)).statusCode).toBe(202);
  });
});

describe('a removal of a protected name', () => {
  const domain = 'network.example';
  const event = (id: string, timestamp = '2026-11-21T05:00:20.000Z') =>
    signedCall('domain-added', {
      body: JSON.stringify({ type: 'domain.added', timestamp, data: { domain } }),
      id,
    });

  test('can be taken back, and a repeat of that is a duplicate', async () => {
    const { services, ledger } = apiWorld();
    const kept = settledItem({ domain, wanted: 'absent', reason: 'protected-domain' });
    ledger.put(domainKey('demo', domain), kept);
    for (const status of ['accepted', 'duplicate']) {
      const reply = await answer(receive, event('msg_1'), services);
      expect([reply.statusCode, json(reply)]).toEqual([202, expect.objectContaining({ status })]);
    }
    expect(ledger.all('domain')).toMatchObject([{ wanted: 'present', state: 'present', reason: null }]);
    expect((await answer(receive, event('msg_2'), services)).statusCode).toBe(422);
  });

  test('is superseded by nothing older, which is no reason to refuse it', async () => {
    const { services, ledger } = apiWorld();
    ledger.put(domainKey('demo', domain), settledItem({ domain, wanted: 'absent' }));
    const reply = await answer(receive, event('msg_1', '2026-11-21T04:00:00.000Z'), services);
    expect(json(reply)).toMatchObject({ status: 'superseded' });
  });

  test('that the ledger does not hold leaves the name refused', async () => {
    const { services, ledger } = apiWorld();
    expect((await answer(receive, event('msg_1'), services)).statusCode).toBe(422);
    ledger.put(domainKey('demo', domain), settledItem({ domain }));
    expect((await answer(receive, event('msg_1'), services)).statusCode).toBe(422);
  });
});
