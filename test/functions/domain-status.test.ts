import { describe, expect, test } from '@jest/globals';
import { receive } from '../../functions/domain-status.ts';
import { Unavailable } from '../../lib/errors.ts';
import { InvalidSecret } from '../../lib/settings/invalid-secret.ts';
import { answer, json } from '../support/api/api-world.ts';
import {
  listCall,
  putCertificate,
  putDomain,
  readSettings,
  readToken,
  readWorld,
  statusCall,
} from '../support/api/read-world.ts';
import { certificateItem, DOMAIN, domainItem, NOW, settledItem } from '../support/sync/items.ts';

async function filled() {
  const world = readWorld();
  await putDomain(world.ledger, settledItem());
  return world;
}

describe('who may read', () => {
  test('a read token of the network opens its domains', async () => {
    const { services } = await filled();
    expect((await answer(receive, statusCall(DOMAIN), services)).statusCode).toBe(200);
    expect(
      (await answer(receive, statusCall(DOMAIN, { authorization: `bearer ${readToken}` }), services))
        .statusCode,
    ).toBe(200);
  });

  const refused: [string, Parameters<typeof statusCall>[1]][] = [
    ['no token', { authorization: null }],
    ['another token', { authorization: 'Bearer read-token-of-somebody-else-0123' }],
    ['an empty token', { authorization: 'Bearer ' }],
    ['the token in another scheme', { authorization: `Basic ${readToken}` }],
    ['a token with something behind it', { authorization: `Bearer ${readToken} more` }],
    ['an unknown network', { network: 'nobody' }],
    ['what cannot be a network', { network: 'Not A Network' }],
  ];

  test.each(refused)('%s gets the same 401 as every other', async (_what, call) => {
    const { services } = await filled();
    const reply = await answer(receive, statusCall(DOMAIN, call), services);
    const other = await answer(receive, statusCall('unknown.example.com', { authorization: null }), services);
    expect(reply.statusCode).toBe(401);
    expect(reply.body).toBe(other.body);
    expect(json(reply)).toMatchObject({ type: 'unauthorized', status: 401 });
  });

  test('a network without a read token answers no caller', async () => {
    const { services } = readWorld({}, { readTokens: [] });
    for (const authorization of ['Bearer ', `Bearer ${readToken}`, null]) {
      expect((await answer(receive, listCall({}, { authorization }), services)).statusCode).toBe(401);
    }
  });

  test('the token comes before the name and the query', async () => {
    const { services } = readWorld();
    const authorization = 'Bearer wrong';
    const calls = [statusCall('no domain', { authorization }), listCall({ limit: 'x' }, { authorization })];
    for (const call of calls) expect((await answer(receive, call, services)).statusCode).toBe(401);
  });

  test('a token that was changed a moment ago counts without a deploy, and the old one ends', async () => {
    const { services, rotate, asked } = await filled();
    await answer(receive, statusCall(DOMAIN), services);
    const next = 'next-read-token-of-32-characters';
    rotate({ ...readSettings, readTokens: [next] });
    const authorization = `Bearer ${next}`;
    expect((await answer(receive, statusCall(DOMAIN, { authorization }), services)).statusCode).toBe(200);
    expect(asked.map(({ fresh }) => fresh)).toEqual([false, false, true]);
    expect((await answer(receive, statusCall(DOMAIN), services)).statusCode).toBe(401);
  });

  test('while the secret rotates both tokens count', async () => {
    const { services } = readWorld({}, { readTokens: ['next-read-token-of-32-characters', readToken] });
    expect((await answer(receive, listCall(), services)).statusCode).toBe(200);
  });

  test('a faulty secret is a 503: it is unknown who may read', async () => {
    const settings = () =>
      Promise.reject(new InvalidSecret([{ key: 'RELAY_SECRET', message: 'is missing' }]));
    const { services, lines } = readWorld({ secrets: { settings } });
    const reply = await answer(receive, listCall(), services);
    expect(reply).toMatchObject({ statusCode: 503, headers: { 'Retry-After': expect.any(String) } });
    expect(reply.body).not.toContain('RELAY_SECRET');
    expect(lines.join('')).toContain('RELAY_SECRET is missing');
  });

  test('no line of the log holds the token', async () => {
    const { services, lines } = await filled();
    await answer(receive, statusCall(DOMAIN), services);
    await answer(receive, statusCall(DOMAIN, { network: 'other' }), services);
    expect(lines).toHaveLength(2);
    expect(lines.join('')).not.toContain(readToken);
  });
});

describe('one domain', () => {
  test('follows the contract, and calls no external system', async () => {
    const { services, ledger } = readWorld();
    await putDomain(
      ledger,
      domainItem({
        state: 'pending',
        lastError: { code: 'runcloud-rate-limited', message: 'fewer', at: '2026-11-21T05:00:20.000Z' },
        history: [{ at: '2026-11-21T05:00:00.200Z', what: 'accepted', detail: 'domain.added' }],
      }),
    );
    await putCertificate(ledger, certificateItem({ dueAt: NOW, attempts: 2 }));
    const reply = await answer(receive, statusCall(DOMAIN), services);
    expect(reply.headers).toEqual({ 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
    expect(json(reply)).toEqual({
      network: 'demo',
      domain: DOMAIN,
      wanted: 'present',
      hosting: {
        state: 'pending',
        reason: null,
        since: '2026-11-21T05:00:00.200Z',
        nextTryAt: '2026-11-21T05:00:30.250Z',
      },
      certificate: {
        state: 'pending',
        reason: null,
        fix: null,
        attempts: 2,
        nextTryAt: '2026-11-21T05:00:30.250Z',
        notAfter: null,
        via: null,
      },
      lastError: { code: 'runcloud-rate-limited', message: 'fewer', at: '2026-11-21T05:00:20.000Z' },
      history: [{ at: '2026-11-21T05:00:00.200Z', what: 'accepted', detail: 'domain.added' }],
    });
  });

  test.each([' SHOP.Acme-Bikes.com. ', 'shop.acme-bikes.com.', '%73hop.acme-bikes.com'])(
    'is found as %j too: names are normalised as in an event',
    async (name) => {
      const { services } = await filled();
      expect(json(await answer(receive, statusCall(name), services))).toMatchObject({ domain: DOMAIN });
    },
  );

  test('with letters beyond ASCII is found by them, escaped or not', async () => {
    const { services, ledger } = readWorld();
    await putDomain(ledger, settledItem({ domain: 'xn--bcher-kva.de' }));
    for (const name of ['bücher.de', encodeURIComponent('Bücher.de')]) {
      expect(json(await answer(receive, statusCall(name), services))).toMatchObject({
        domain: 'xn--bcher-kva.de',
      });
    }
  });

  test.each(['unknown.example.com', 'not_a_name', 'localhost', '%', '192.0.2.1'])(
    '%s is not found',
    async (name) => {
      const { services } = await filled();
      const reply = await answer(receive, statusCall(name), services);
      expect(reply).toMatchObject({
        statusCode: 404,
        headers: { 'Content-Type': 'application/problem+json' },
      });
      expect(json(reply)).toMatchObject({ type: 'not-found' });
    },
  );

  test('of another network is not found', async () => {
    const { services, ledger } = readWorld();
    await putDomain(ledger, settledItem({ network: 'other' }));
    expect((await answer(receive, statusCall(DOMAIN), services)).statusCode).toBe(404);
  });

  test('a ledger out of reach is a 503', async () => {
    const { services, ledger } = readWorld();
    const read = () => Promise.reject(new Unavailable('ledger'));
    const reply = await answer(receive, statusCall(DOMAIN), { ...services, ledger: { ...ledger, read } });
    expect(reply.statusCode).toBe(503);
  });

  test('live is 1 or 0', async () => {
    const { services } = await filled();
    const reply = await answer(receive, statusCall(DOMAIN, { query: { live: 'yes' } }), services);
    expect(json(reply)).toMatchObject({ type: 'bad-query', issues: [{ path: 'live' }] });
    const off = await answer(receive, statusCall(DOMAIN, { query: { live: '0' } }), services);
    expect(json(off)).not.toHaveProperty('live');
  });
});

describe('the list', () => {
  const named = async () => {
    const world = readWorld();
    for (const domain of ['a.example.com', 'b.example.com', 'c.example.com']) {
      await putDomain(world.ledger, settledItem({ domain }));
    }
    await putDomain(world.ledger, domainItem({ domain: 'd.example.com', state: 'failed', dueAt: null }));
    return world;
  };

  test('returns four facts about each domain, and the cursor', async () => {
    const { services } = await named();
    const first = json(await answer(receive, listCall({ limit: '3' }), services));
    expect(first).toEqual({
      network: 'demo',
      domains: ['a', 'b', 'c'].map((label) => ({
        domain: `${label}.example.com`,
        wanted: 'present',
        hosting: expect.objectContaining({ state: 'present' }),
        certificate: expect.objectContaining({ state: 'none' }),
      })),
      cursor: expect.stringMatching(/^[\w-]+$/),
    });
  });

  test('a cursor leads to the last page, and that has none', async () => {
    const { services } = await named();
    const next = async (query: Record<string, string>) => {
      const body = json(await answer(receive, listCall(query), services));
      expect(body).toHaveProperty('cursor');
      return JSON.parse(JSON.stringify(body));
    };
    const first = await next({ limit: '2' });
    expect(await next({ limit: '2', cursor: first.cursor })).toMatchObject({
      domains: [{ domain: 'c.example.com' }, { domain: 'd.example.com' }],
      cursor: null,
    });
  });

  test('can be narrowed to a state', async () => {
    const { services } = await named();
    expect(json(await answer(receive, listCall({ state: 'failed' }), services))).toMatchObject({
      domains: [{ domain: 'd.example.com', hosting: { state: 'failed' } }],
      cursor: null,
    });
    expect(json(await answer(receive, listCall({ state: 'open' }), services))).toMatchObject({ domains: [] });
  });

  const cursorOf = (text: string) => Buffer.from(text).toString('base64url');

  test.each([
    ['state', { state: 'closed' }],
    ['state', { state: '' }],
    ['limit', { limit: '0' }],
    ['limit', { limit: '101' }],
    ['limit', { limit: '1e1' }],
    ['limit', { limit: '-1' }],
    ['limit', { limit: '1,2' }],
    ['limit', { limit: '' }],
    ['cursor', { cursor: 'garbage' }],
    ['cursor', { cursor: '' }],
    ['cursor', { cursor: cursorOf('2:a.example.com') }],
    ['cursor', { cursor: cursorOf('1:A.example.com') }],
    ['cursor', { cursor: `${cursorOf('1:a.example.com')}==` }],
    ['cursor', { cursor: cursorOf('1:demo\ncertificate#a') }],
  ])('a bad %s is named: %j', async (path, query) => {
    const { services } = readWorld();
    const reply = await answer(receive, listCall(query), services);
    expect(reply.statusCode).toBe(400);
    expect(json(reply)).toMatchObject({ type: 'bad-query', issues: [{ path, message: expect.any(String) }] });
  });

  test('all that is wrong with a query is named at once', async () => {
    const { services } = readWorld();
    const reply = await answer(receive, listCall({ state: 'x', limit: 'x', cursor: 'x' }), services);
    expect(json(reply)).toMatchObject({
      issues: [{ path: 'state' }, { path: 'limit' }, { path: 'cursor' }],
    });
  });

  test('the widest limits are allowed, and what the relay does not know is ignored', async () => {
    const { services } = await named();
    for (const query of [{ limit: '1' }, { limit: '100' }, { colour: 'blue' }]) {
      expect((await answer(receive, listCall(query), services)).statusCode).toBe(200);
    }
  });
});
