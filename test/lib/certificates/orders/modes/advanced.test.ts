import { describe, expect, test } from '@jest/globals';
import { amendCountedOrder, countOrder } from '../../../../../lib/certificates/order-log/counts.ts';
import { WEEK_MS } from '../../../../../lib/certificates/order-log/limits.ts';
import { RuncloudForbidden, RuncloudRefused } from '../../../../../lib/runcloud/errors.ts';
import { certificateWorld, elsewhere } from '../../../../support/certificates/certificate-world.ts';
import { DAY, DOMAIN, HOUR, MINUTE, NETWORK, SECOND } from '../../../../support/sync/items.ts';
import { at } from './shops.ts';

const shops = ['a.example', 'b.example', 'c.example', 'd.example', 'e.example'];

describe('advanced mode', () => {
  test('orders one certificate per domain: an install, or a redeploy where one does not serve', async () => {
    const world = certificateWorld({ mode: 'advanced' });
    await world.arrive('first.example');
    await world.arrive('second.example', { wwwServed: true });
    world.runcloud.installed.set(2, 9);
    await world.live(MINUTE);
    expect(world.orders).toMatchObject([
      { op: 'install', domainId: 1, names: ['first.example'] },
      { op: 'redeploy', domainId: 2, names: ['second.example', 'www.second.example'] },
    ]);
    await world.live(MINUTE);
    expect(await world.request('second.example')).toMatchObject({ state: 'valid', orderedAt: null });
  });

  test('a certificate that is gone when it is to be redeployed is installed', async () => {
    const world = certificateWorld({
      mode: 'advanced',
      onCall: async ({ op }) => {
        if (op === 'redeploy') world.runcloud.installed.delete(1);
      },
    });
    await world.arrive();
    world.runcloud.installed.set(1, 9);
    await world.live(MINUTE);
    expect(world.calls.map(({ op }) => op)).toEqual([
      'address',
      'mode',
      'find',
      'redeploy',
      'find',
      'install',
    ]);
  });

  test('one refused order holds back no other', async () => {
    const world = certificateWorld({
      mode: 'advanced',
      onCall: async (call) => {
        if (call.op === 'install' && call.domainId === 2) {
          throw new RuncloudForbidden('RunCloud does not allow this', at('POST', 403));
        }
      },
    });
    for (const name of shops) await world.arrive(name);
    await world.live(3 * MINUTE);
    expect(await world.request('b.example')).toMatchObject({
      state: 'pending',
      lastError: { code: 'runcloud-forbidden' },
    });
    for (const name of shops.filter((name) => name !== 'b.example')) {
      expect(await world.request(name)).toMatchObject({ state: 'valid' });
    }
    expect((await world.network()).pause).toBeNull();
  });

  test('one order that meets a bug counts a crash alone, and the others are settled', async () => {
    const world = certificateWorld({
      mode: 'advanced',
      onCall: async (call) => {
        if (call.op === 'install' && call.domainId === 2) throw new TypeError('a bug');
      },
    });
    for (const name of shops) await world.arrive(name);
    await world.time.advance(20 * SECOND);
    await expect(world.pass()).rejects.toThrow('a bug');
    expect(await world.request('b.example')).toMatchObject({ crashes: 1, owner: null });
    for (const name of shops.filter((name) => name !== 'b.example')) {
      expect(await world.request(name)).toMatchObject({ state: 'requested', crashes: 0, owner: null });
    }
  });

  test('the limits of a domain are its own, and outlive its request', async () => {
    const world = certificateWorld({ mode: 'advanced', landsAfterMs: null });
    await world.arrive('first.example');
    await world.arrive('second.example');
    await world.live(12 * HOUR);
    const perDomain = [1, 2].map((id) => world.orders.filter(({ domainId }) => domainId === id).length);
    expect(perDomain).toEqual([4, 4]);
    expect((await world.request('first.example')).orders.filter(({ failed }) => failed)).toHaveLength(4);
    world.putDomain({ domain: 'first.example', wanted: 'absent' });
    await world.live(2 * DAY);
    expect(await world.request('first.example')).toMatchObject({ wanted: false });
    expect((await world.request('first.example')).orders).toHaveLength(4);
  });

  test('forty orders a week for a registered domain, however many names it has, and others go on', async () => {
    const world = certificateWorld({ mode: 'advanced' });
    for (let n = 0; n < 60; n += 1) await world.arrive(`shop-${n}.acme-bikes.com`);
    await world.live(6 * HOUR);
    expect(world.orders).toHaveLength(40);
    const waiting = world.ledger.all('certificate').filter(({ state }) => state === 'pending');
    expect(waiting).toHaveLength(20);
    const weekLater = (world.orders[0]?.at ?? 0) + WEEK_MS;
    for (const { reason, fix, dueAt } of waiting) {
      expect(reason).toBe('order-budget');
      expect(Math.abs((dueAt ?? 0) - weekLater)).toBeLessThan(MINUTE);
      expect(fix).toContain('acme-bikes.com has had its orders');
    }
    await world.arrive('other.example');
    await world.live(HOUR);
    expect(await world.request('other.example')).toMatchObject({ state: 'valid' });
    await world.live(8 * DAY);
    expect(world.ledger.all('certificate').filter(({ state }) => state !== 'valid')).toEqual([]);
    for (const { at } of world.orders) {
      // Recorded before they reserved their slots.
      const week = world.orders.filter((one) => one.at >= at && one.at < at + WEEK_MS - MINUTE);
      expect(week.filter(({ names }) => names[0] !== 'other.example').length).toBeLessThanOrEqual(40);
    }
  });

  test('an order that RunCloud did not take does not count against the week', async () => {
    let away = true;
    const world = certificateWorld({
      mode: 'advanced',
      onCall: async (call) => {
        if (away && call.op === 'find') throw new RuncloudRefused('RunCloud refused', at('GET', 422));
      },
    });
    for (const name of shops) await world.arrive(`${name}.com`);
    const now = world.clock.now();
    for (let n = 0; n < 39; n += 1) {
      const order = { network: NETWORK, at: now - n * MINUTE, set: 'x', names: ['old.example.com'] };
      await countOrder(order, world.ledger);
    }
    await world.live(MINUTE);
    away = false;
    await world.live(3 * HOUR);
    expect(world.orders).toHaveLength(1);
  });

  test('what has failed for the whole application within the hour counts for each of its domains', async () => {
    const world = certificateWorld({
      onCall: async ({ op }) => {
        if (op === 'install') throw new RuncloudRefused('RunCloud refused', at('POST', 422));
      },
    });
    await world.arrive();
    await world.arrive('first.example');
    // Every new name makes a set of its own, so that only the hour's failures are met.
    for (let n = 0; n < 6; n += 1) {
      await world.live(5 * MINUTE);
      await world.arrive(`shop-${n}.example`);
    }
    const tries = () => world.calls.filter(({ op }) => op === 'install').length;
    expect(tries()).toBe(4);
    world.runcloud.turnTo('advanced');
    await world.retry();
    await world.live(MINUTE);
    expect(await world.request()).toMatchObject({ state: 'pending', reason: 'order-budget' });
    expect((await world.request()).fix).toMatch(/failed within an hour/);
    // Nothing has failed for a name that came after all of that.
    await world.arrive('late.example');
    await world.live(5 * MINUTE);
    expect(world.calls.slice(-1)).toMatchObject([{ op: 'install', domainId: 9 }]);
  });

  test('what has failed for a domain within the hour counts for the application', async () => {
    const world = certificateWorld();
    await world.arrive();
    const now = world.clock.now();
    for (const n of [4, 3, 2, 1]) {
      const order = { network: NETWORK, at: now - n * 10 * MINUTE, set: 'x', names: [DOMAIN] };
      await countOrder(order, world.ledger);
      await amendCountedOrder(order, 'failed', world.ledger);
    }
    await world.live(10 * MINUTE);
    expect(await world.request()).toMatchObject({ state: 'pending', reason: 'order-budget' });
    expect(world.orders).toEqual([]);
    await world.live(15 * MINUTE);
    expect(world.orders).toHaveLength(1);
  });

  test('a www. that leads elsewhere holds the order for an hour, and is noted as the domain’s work', async () => {
    const world = certificateWorld({ mode: 'advanced' });
    world.dns.set(`www.${DOMAIN}`, elsewhere(`www.${DOMAIN}`));
    await world.arrive(DOMAIN, { wwwServed: true });
    await world.live(20 * SECOND);
    expect(await world.request()).toMatchObject({ state: 'pending', reason: 'held-by-name' });
    expect((await world.request()).fix).toContain(`www.${DOMAIN}`);
    expect((await world.domain())?.dueAt).not.toBeNull();
    await world.live(58 * MINUTE);
    expect(world.orders).toEqual([]);
    await world.live(5 * MINUTE);
    expect(world.orders).toHaveLength(1);
  });

  test('a worker that died after its order causes no second one', async () => {
    const world = certificateWorld({ mode: 'advanced', landsAfterMs: 10 * MINUTE });
    await world.arrive();
    await world.time.advance(20 * SECOND);
    await world.pass();
    await world.putRequest({ state: 'pending', dueAt: world.clock.now() });
    await world.pass();
    expect(world.orders).toHaveLength(1);
    expect(await world.request()).toMatchObject({ state: 'requested' });
  });
});
