import { describe, expect, test } from '@jest/globals';
import { certificateWorld } from '../../../../support/certificates/certificate-world.ts';
import { DOMAIN, domainItem, HOUR, MINUTE, SECOND } from '../../../../support/sync/items.ts';
import { shopNames } from './shop-names.ts';

describe('one application, one certificate', () => {
  test('is installed where there is none, and shown by a handshake before it counts', async () => {
    const world = certificateWorld({ landsAfterMs: 20 * SECOND });
    await world.arrive();
    await world.live(25 * SECOND);
    expect(world.orders).toMatchObject([{ op: 'install', domainId: undefined, names: [DOMAIN] }]);
    expect(await world.request()).toMatchObject({ state: 'requested', reason: null });
    await world.live(MINUTE);
    expect(await world.request()).toMatchObject({
      state: 'valid',
      reason: null,
      lastError: null,
      orderedAt: null,
      attempts: 0,
    });
    expect(world.orders).toHaveLength(1);
  });

  test('is ordered again for all names where there is one', async () => {
    const world = certificateWorld();
    world.runcloud.installed.set(undefined, 7);
    await world.hosting.add({ name: 'old.example', www: true });
    await world.arrive();
    await world.live(MINUTE);
    expect(world.orders).toMatchObject([
      { op: 'redeploy', names: ['old.example', 'www.old.example', DOMAIN] },
    ]);
  });

  test('is not ordered for a name that is served with a good one already', async () => {
    const world = certificateWorld();
    world.serve([DOMAIN]);
    await world.arrive();
    await world.live(MINUTE);
    expect(world.orders).toEqual([]);
    expect(await world.request()).toMatchObject({ state: 'valid' });
  });

  test('is not ordered while a listing is incomplete', async () => {
    const world = certificateWorld();
    const { services } = world;
    await world.arrive();
    await world.time.advance(20 * SECOND);
    const networks = {
      access: async (network: string, options: { fresh: boolean }) => {
        const access = await services.networks.access(network, options);
        const page = async () => ({ domains: [], unreadable: 1, total: 1, lastPage: 1, more: false });
        return access && { ...access, hosting: () => ({ ...world.hosting, page }) };
      },
    };
    await world.pass({}, { others: { networks } });
    expect(world.orders).toEqual([]);
    expect(await world.request()).toMatchObject({
      state: 'pending',
      lastError: { code: 'runcloud-unavailable' },
    });
  });
});

describe('coalescing', () => {
  test('40 adds in a burst make at most two orders', async () => {
    const world = certificateWorld({ landsAfterMs: 30 * SECOND });
    for (const name of shopNames(40)) {
      await world.arrive(name);
      await world.live(SECOND);
    }
    await world.live(10 * MINUTE);
    expect(world.orders.length).toBeLessThanOrEqual(2);
    for (const name of shopNames(40)) expect(await world.request(name)).toMatchObject({ state: 'valid' });
  });

  test('also if workers check side by side', async () => {
    const world = certificateWorld();
    for (const name of shopNames(40)) await world.arrive(name);
    await world.time.advance(20 * SECOND);
    await Promise.all([world.pass(), world.pass(), world.pass(), world.pass()]);
    expect(world.orders).toHaveLength(1);
  });

  test('waits for open hosting work, until the oldest request has been ready for 3 minutes', async () => {
    const world = certificateWorld();
    await world.arrive();
    world.putDomain({ ...domainItem({ dueAt: world.clock.now() }), domain: 'next.example' });
    await world.live(3 * MINUTE);
    expect(world.orders).toEqual([]);
    expect(await world.request()).toMatchObject({ state: 'pending', reason: null });
    await world.live(30 * SECOND);
    expect(world.orders).toHaveLength(1);
  });

  test('waits for open hosting work however many domains stand before it', async () => {
    const world = certificateWorld();
    for (const name of shopNames(300)) world.putDomain({ domain: name });
    world.putDomain({ ...domainItem({ dueAt: world.clock.now() }), domain: 'zz.example' });
    await world.arrive();
    await world.live(2 * MINUTE);
    expect(world.orders).toEqual([]);
  });

  test.each([
    ['paused', { state: 'paused' as const }],
    ['within the grace of a removal', { state: 'removing' as const, reason: 'grace-period' }],
    ['held by the limit of additions', { reason: 'additions-limited' }],
    ['held by the removal limit', { state: 'removing' as const, reason: 'removals-limited' }],
  ])('hosting that is %s is not waited for', async (_title, part) => {
    const world = certificateWorld();
    await world.arrive();
    world.putDomain({ ...domainItem({ dueAt: world.clock.now() + HOUR, ...part }), domain: 'next.example' });
    await world.live(30 * SECOND);
    expect(world.orders).toHaveLength(1);
  });

  test('a name added while an order runs has the next one, once the first certificate was seen', async () => {
    const world = certificateWorld({ landsAfterMs: 4 * MINUTE });
    await world.arrive();
    await world.live(25 * SECOND);
    expect(world.orders).toHaveLength(1);
    await world.arrive('late.example');
    await world.live(2 * MINUTE);
    expect(world.orders).toHaveLength(1);
    expect(await world.request('late.example')).toMatchObject({ state: 'pending', reason: null });
    await world.live(20 * MINUTE);
    expect(world.orders).toMatchObject([{ names: [DOMAIN] }, { names: [DOMAIN, 'late.example'] }]);
    expect(await world.request('late.example')).toMatchObject({ state: 'valid' });
  });

  test('a name whose www. the running order does not cover is not taken for covered', async () => {
    const world = certificateWorld({ landsAfterMs: 4 * MINUTE });
    await world.arrive();
    await world.live(25 * SECOND);
    expect(world.orders).toMatchObject([{ names: [DOMAIN] }]);
    for (const row of world.hosting.rows.values()) world.hosting.rows.set(row.id, { ...row, www: true });
    world.putDomain({ ...(await world.domain()), domain: DOMAIN, www: true, wwwServed: true });
    await world.putRequest({ state: 'pending', orderedAt: null, dueAt: world.clock.now() });
    await world.pass();
    expect(await world.request()).toMatchObject({ state: 'pending', orderedAt: null });
    await world.live(40 * MINUTE);
    expect(world.orders[1]).toMatchObject({ names: [DOMAIN, `www.${DOMAIN}`] });
  });

  test('a name that has passed the gate is not asked of DNS a second time for its order', async () => {
    const world = certificateWorld();
    await world.hosting.add({ name: 'old.example', www: false });
    await world.arrive();
    await world.time.advance(20 * SECOND);
    await world.pass();
    expect(world.orders).toHaveLength(1);
    expect(world.gateQuestions.map(({ name }) => name)).toEqual([DOMAIN, 'old.example']);
  });

  test('names that trickle in while orders come to nothing fail no fifth order in an hour', async () => {
    const world = certificateWorld({ landsAfterMs: null });
    for (const name of shopNames(60)) {
      await world.arrive(name);
      await world.live(MINUTE);
    }
    expect(world.orders.length).toBeGreaterThan(1);
    expect(world.orders.length).toBeLessThanOrEqual(4);
  });

  test('a worker that died after its order causes no second one', async () => {
    const world = certificateWorld({ landsAfterMs: 10 * MINUTE });
    await world.arrive();
    await world.time.advance(20 * SECOND);
    // The state after a worker was killed between its order and the end of its pass.
    await world.pass();
    await world.putRequest({ state: 'pending', orderedAt: null, dueAt: world.clock.now(), crashes: 1 });
    await world.pass();
    expect(world.orders).toHaveLength(1);
    expect(await world.request()).toMatchObject({ state: 'requested' });
  });
});
