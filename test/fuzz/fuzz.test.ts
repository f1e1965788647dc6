import { beforeAll, describe, expect, test } from '@jest/globals';
import { receive as receiveAdded } from '../../functions/domain-added.ts';
import { receive as receiveStatus } from '../../functions/domain-status.ts';
import { answer, signedCall } from '../support/api/api-world.ts';
import { listCall } from '../support/api/read-world.ts';
import { fc } from '../support/property.ts';
import { SEED } from '../support/seed.ts';
import { networks } from './networks.ts';
import { plants } from './plants/plants.ts';
import { type Found, search } from './search.ts';
import { call, fuzzWorld } from './world.ts';

/** A repeat distinguishes a slow call from an interrupted one. */
async function leastOf(times: number, measure: () => Promise<number>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < times; i += 1) least = Math.min(least, await measure());
  return least;
}

describe('whatever is sent to the API handlers', () => {
  const requests = 5_000;
  let found: Found;

  beforeAll(async () => {
    found = await search({ requests, seed: SEED });
  });

  test('the answer is the one that the contract has for it, and nothing else happens', () => {
    expect(found.fault).toBeUndefined();
  });

  test('the search meets every answer, acceptance among them', () => {
    expect([...found.statuses.keys()].sort((a, b) => a - b)).toEqual([
      0, 200, 202, 400, 401, 404, 413, 415, 422,
    ]);
    expect(found.statuses.get(202)).toBeGreaterThan(requests / 50);
    for (const api of ['domain-added', 'domain-removed', 'ssl-retry', 'domain-created']) {
      expect([...found.updates]).toEqual(
        expect.arrayContaining([`${api}: accepted`, `${api}: duplicate`, `${api}: superseded`]),
      );
    }
  });

  test('no call takes out of all proportion longer than an honest one of full size', async () => {
    const text = JSON.stringify({
      type: 'domain.added',
      timestamp: '2026-11-21T05:00:00Z',
      data: { domain: 'a.b' },
    });
    const secrets = networks.get('demo')?.relaySecrets ?? [];
    const honest = signedCall('domain-added', { body: text.padEnd(16_384, ' '), secrets });
    expect((await call(honest)).reply.statusCode).toBe(202);
    const usualMs = await leastOf(20, async () => (await call(honest)).durationMs);
    expect(found.slowest.length).toBeGreaterThan(0);
    for (const { event } of found.slowest) {
      const slowMs = await leastOf(5, async () => (await call(event)).durationMs);
      // A pattern that backtracks or work in squares would be thousands.
      expect(slowMs / usualMs).toBeLessThan(100);
    }
  });

  test('nothing that was sent has got into what all objects share', () => {
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

test('of the networks that callers make up, ten a minute are refused and the rest are put off', async () => {
  const { services } = fuzzWorld();
  const statusOf = async (network: string, path: string) => {
    const event = path.startsWith('domains')
      ? listCall({}, { network, authorization: `Bearer ${'x'.repeat(32)}` })
      : signedCall('domain-added', { body: '{}', network });
    const reply = await answer(path.startsWith('domains') ? receiveStatus : receiveAdded, event, services);
    return [reply.statusCode, reply.headers?.['Retry-After']];
  };
  const { relaySecrets = [] } = networks.get('demo') ?? {};
  const known = signedCall('domain-added', { body: '{}', secrets: relaySecrets });
  expect((await answer(receiveAdded, known, services)).statusCode).toBe(400);
  const name = fc.stringMatching(/^[a-z0-9-]{1,32}$/).filter((one) => !networks.has(one));
  const names = fc.uniqueArray(name, { minLength: 11, maxLength: 20 });
  const [made = []] = fc.sample(names, { numRuns: 1, seed: SEED });
  for (const [index, network] of made.entries()) {
    const path = index % 2 === 0 ? 'domain-added' : 'domains';
    expect(await statusOf(network, path)).toEqual(index < 10 ? [401, undefined] : [503, '60']);
  }
  // A network that was read before is served all the same.
  expect((await answer(receiveAdded, known, services)).statusCode).toBe(400);
});

describe('the search finds', () => {
  test.each(plants.map((plant) => [plant.name, plant] as const))('%s', async (_name, { planted, breaks }) => {
    const { fault } = await search({ requests: 5_000, seed: 1, planted });
    expect(fault?.faults).toContainEqual(expect.stringMatching(breaks));
  });
});
