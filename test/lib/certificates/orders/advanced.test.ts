import { describe, expect, test } from '@jest/globals';
import { countOrder } from '../../../../lib/certificates/order-log/counts.ts';
import { failedOrderFix } from '../../../../lib/certificates/order-log/failed-order.ts';
import { setOf } from '../../../../lib/certificates/order-log/limits.ts';
import { RuncloudRateLimited, RuncloudRefused } from '../../../../lib/runcloud/errors.ts';
import { toInstant } from '../../../../lib/sync/ledger/time.ts';
import type { CertificateCall } from '../../../doubles/certificates.ts';
import { certificateWorld, elsewhere } from '../../../support/certificates/certificate-world.ts';
import { DOMAIN, HOUR, MINUTE, NETWORK, NOW, order, SECOND } from '../../../support/sync/items.ts';

const post = { method: 'POST', path: '/ssl' };
function refused() {
  return new RuncloudRefused('RunCloud refused', { ...post, status: 422 });
}
function limited() {
  return new RuncloudRateLimited('Fewer', { ...post, status: 429 });
}

function worldWith(onCall: (call: CertificateCall) => Promise<void>) {
  return certificateWorld({ mode: 'advanced', onCall });
}

type World = ReturnType<typeof certificateWorld>;

/** An operator has installed a certificate for the domain in RunCloud's panel. */
function uploaded(world: World): void {
  const [row] = world.hosting.rows.values();
  world.runcloud.installed.set(row?.id, 100);
  world.runcloud.origins.set(row?.id, 'uploaded');
}

describe('an order for one domain', () => {
  test('that RunCloud refuses stays on record as failed, and is not waited for', async () => {
    const world = worldWith(async ({ op }) => {
      if (op === 'install') throw refused();
    });
    await world.arrive();
    await world.live(25 * SECOND);
    expect(await world.request()).toMatchObject({
      state: 'pending',
      orders: [{ how: 'install', failed: true }],
      orderedAt: null,
      lastError: { code: 'runcloud-refused' },
    });
  });

  test('that RunCloud refuses says what its owner can do', async () => {
    const world = worldWith(async ({ op }) => {
      if (op === 'install') throw refused();
    });
    await world.arrive();
    await world.live(25 * SECOND);
    expect((await world.request()).fix).toBe(failedOrderFix(DOMAIN));
  });

  test.each([
    ['alone fails, its www. was not at fault and is given back', false, true, true],
    ['alone is taken, its www. stays withheld', false, false, false],
    ['with its www. fails, nothing is given back', true, true, false],
  ])('for a name %s', async (_what, wwwServed, fails, over) => {
    const world = worldWith(async ({ op }) => {
      if (op === 'install' && fails) throw refused();
    });
    await world.arrive(DOMAIN, { www: true, wwwServed, wwwWithheld: { at: NOW, over: false } });
    await world.time.advance(20 * SECOND);
    await world.pass();
    expect(world.calls.some(({ op }) => op === 'install')).toBe(true);
    expect((await world.domain())?.wwwWithheld).toEqual({ at: NOW, over });
  });

  test('is not made where a newer update has come since, which is checked next', async () => {
    let late = true;
    const world = worldWith(async ({ op }) => {
      if (op !== 'find' || !late) return;
      late = false;
      const { revision } = await world.request();
      await world.putRequest({ revision: revision + 1 });
    });
    await world.arrive();
    await world.time.advance(20 * SECOND);
    await world.pass();
    expect(world.calls.map(({ op }) => op).filter((op) => op !== 'mode')).toEqual([
      'address',
      'find',
      'find',
      'install',
    ]);
    expect((await world.request()).orders).toHaveLength(1);
    await world.live(MINUTE);
    expect(world.orders).toHaveLength(1);
    expect(await world.request()).toMatchObject({ state: 'valid' });
  });

  test('is not made where an operator has put a certificate in place', async () => {
    const world = certificateWorld({ mode: 'advanced' });
    await world.arrive();
    uploaded(world);
    await world.live(25 * SECOND);
    expect(world.orders).toEqual([]);
    expect(await world.request()).toMatchObject({ state: 'failed', reason: 'custom-certificate' });
  });

  test('with its www. that has failed twice waits until the name is served alone', async () => {
    const world = certificateWorld({ mode: 'advanced' });
    await world.arrive(DOMAIN, { www: true, wwwServed: true });
    const set = setOf([DOMAIN, `www.${DOMAIN}`]);
    const failed = [NOW - 2 * HOUR, NOW - HOUR].map((at) => order(at, { set, failed: true }));
    await world.putRequest({ orders: failed });
    await world.live(25 * SECOND);
    expect(world.orders).toEqual([]);
    expect((await world.domain())?.wwwWithheld).toMatchObject({ over: false });
    expect(await world.request()).toMatchObject({ state: 'pending', reason: null, lastError: null });
  });

  test.each<[string, (world: World) => void]>([
    ['an operator has put a certificate in place', uploaded],
    ['its www. leads elsewhere', (world) => world.dns.set(`www.${DOMAIN}`, elsewhere(`www.${DOMAIN}`))],
  ])('that is not made because %s ends no pause of the network', async (_why, hold) => {
    const world = certificateWorld({ mode: 'advanced' });
    await world.arrive(DOMAIN, { www: true, wwwServed: true });
    hold(world);
    const pause = {
      code: 'runcloud-forbidden',
      message: 'No',
      since: toInstant(NOW),
      probeAt: NOW,
    } as const;
    await world.putNetwork({ pause });
    await world.time.advance(20 * SECOND);
    await world.pass();
    expect(world.orders).toEqual([]);
    expect(world.calls.map(({ op }) => op)).toContain('find');
    expect((await world.network()).pause).not.toBeNull();
  });

  test('that RunCloud never took leaves no trace', async () => {
    const world = worldWith(async ({ op }) => {
      if (op === 'install') throw limited();
    });
    await world.arrive();
    await world.live(25 * SECOND);
    expect(await world.request()).toMatchObject({ state: 'pending', orders: [], orderedAt: null });
  });

  test('is not made by a worker that has lost the request', async () => {
    const world = worldWith(async ({ op }) => {
      if (op === 'find') await world.putRequest({ owner: 'somebody-else' });
    });
    await world.arrive();
    await world.time.advance(20 * SECOND);
    await world.pass();
    expect(world.orders).toEqual([]);
    expect(await world.request()).toMatchObject({ owner: 'somebody-else', orders: [], orderedAt: null });
  });

  test('is amended only by a worker that still has the request, and only itself', async () => {
    const world = worldWith(async ({ op }) => {
      if (op !== 'install') return;
      await world.putRequest({ owner: 'somebody-else' });
      throw refused();
    });
    await world.arrive();
    await world.time.advance(20 * SECOND);
    await world.pass();
    expect(await world.request()).toMatchObject({
      owner: 'somebody-else',
      orders: [{ failed: false }],
      orderedAt: expect.any(Number),
    });
  });

  test('asks where each of its names points, and no name twice', async () => {
    const world = certificateWorld({ mode: 'advanced' });
    await world.arrive(DOMAIN, { wwwServed: true });
    await world.time.advance(20 * SECOND);
    await world.pass();
    expect(world.orders).toHaveLength(1);
    expect(world.gateQuestions.map(({ name }) => name)).toEqual([DOMAIN, `www.${DOMAIN}`]);
  });

  test('waits for its domain’s next pass while RunCloud has no row for it', async () => {
    const world = certificateWorld({ mode: 'advanced' });
    await world.arrive(DOMAIN, { runcloudId: null });
    await world.live(25 * SECOND);
    expect(world.calls.map(({ op }) => op)).not.toContain('install');
    expect(await world.request()).toMatchObject({ state: 'pending', orders: [], lastError: null });
  });
});

test('an order that was not made does not count against the week of its registered domain', async () => {
  // The mode is read between the leases and the orders: the first request is outdated when it would be recorded.
  const world = worldWith(async ({ op }) => {
    if (op === 'mode') await world.retry('manual', 'a.shops.example');
  });
  const now = world.clock.now();
  for (const name of ['a', 'b', 'c', 'd']) await world.arrive(`${name}.shops.example`);
  for (let n = 0; n < 39; n += 1) {
    const order = { network: NETWORK, at: now - (n + 1) * HOUR, set: 'x', names: ['old.shops.example'] };
    await countOrder(order, world.ledger);
  }
  await world.time.advance(20 * SECOND);
  await world.pass();
  expect(world.orders).toMatchObject([{ domainId: 2 }]);
});
