import { afterEach, describe, expect, test } from '@jest/globals';
import { certificateWorkKey } from '../../../../lib/sync/ledger/keys.ts';
import {
  closeWorlds,
  dayMs,
  hourMs,
  minuteMs,
  type SecureWorld,
  secureWorld,
} from '../../../support/certificates/secure-world.ts';

const domain = 'shop.acme-bikes.com';

afterEach(closeWorlds);

/** As if this many orders had been made for the application, one in each `everyMs`, the last one `agoMs` ago. */
async function ordersOnRecord(world: SecureWorld, count: number, everyMs: number, agoMs = everyMs) {
  const stored = await world.ledger.read(certificateWorkKey('acme'));
  if (stored === undefined) throw new Error('The ledger knows no orders of the network');
  const now = world.clock.now();
  const orders = Array.from({ length: count }, (_, n) => ({
    at: now - agoMs - (count - 1 - n) * everyMs,
    set: `set-${n}`,
    how: 'redeploy' as const,
    failed: false,
    refused: false,
    error: null,
    includedUnready: [],
  }));
  world.ledger.put(certificateWorkKey('acme'), { ...stored.item, orders, ordered: [], suspects: [] });
}

describe('the limits of the certificate authority', () => {
  test('more than a hundred names do not fit: name-limit, and the fix', async () => {
    const many = Array.from({ length: 50 }, (_, n) => ({ name: `apex-${n}.com`, www: true }));
    const world = await secureWorld({ app: { domains: many } });
    world.pointHere(domain);
    await world.add(domain);
    const { fix } = await world.stands(domain, { state: 'failed', reason: 'name-limit' });
    // Fifty domains with their www., the network's own, and the new one.
    expect(fix).toMatch(/at most 100 names.*has 102.*advanced SSL/);
    expect(world.orders()).toEqual([]);
    expect(world.deadLetters()).toHaveLength(1);
    world.setMode('advanced');
    await world.pass(6 * minuteMs);
    await world.retry(domain);
    await world.stands(domain, { state: 'valid' });
  });

  test('forty orders a week, and no update of the multisite makes one more', async () => {
    const world = await secureWorld();
    world.pointHere(domain);
    await world.add(domain);
    await world.stands(domain, { state: 'valid' });
    await ordersOnRecord(world, 40, 2 * hourMs);
    const oldest = world.clock.now() - 40 * 2 * hourMs;
    world.pointHere('next.acme-bikes.com');
    await world.add('next.acme-bikes.com');
    const { fix } = await world.stands('next.acme-bikes.com', { state: 'pending', reason: 'order-budget' });
    expect(fix).toContain('advanced SSL');
    const { certificate } = await world.status('next.acme-bikes.com');
    expect(Date.parse(certificate.nextTryAt ?? '')).toBeGreaterThanOrEqual(oldest + 7 * dayMs);
    for (let n = 0; n < 20; n += 1) {
      await world.retry('next.acme-bikes.com', n % 2 === 0 ? 'manual' : 'ssl_failed');
      await world.pass(minuteMs);
    }
    expect(world.orders()).toHaveLength(1);
    await world.stands('next.acme-bikes.com', { state: 'valid' }, { withinMs: 8 * dayMs });
    expect((world.orders()[1]?.at ?? 0) - oldest).toBeGreaterThanOrEqual(7 * dayMs);
  });

  test('the nearer the end of the budget, the longer names gather', async () => {
    for (const [spent, atLeastMs, atMostMs] of [
      [20, 0, 10 * minuteMs],
      [30, 2 * hourMs, 3 * hourMs],
      [39, 3 * hourMs, 5 * hourMs],
    ] as const) {
      const world = await secureWorld();
      world.pointHere(domain);
      await world.add(domain);
      await world.stands(domain, { state: 'valid' });
      await ordersOnRecord(world, spent, minuteMs, 0);
      world.pointHere('next.acme-bikes.com');
      const addedAt = world.clock.now();
      await world.add('next.acme-bikes.com');
      await world.stands('next.acme-bikes.com', { state: 'valid' });
      const waitedMs = (world.orders()[1]?.at ?? 0) - addedAt;
      expect(waitedMs).toBeGreaterThanOrEqual(atLeastMs);
      expect(waitedMs).toBeLessThanOrEqual(atMostMs);
    }
  });

  test('four orders for one set of names a week', async () => {
    const world = await secureWorld();
    world.pointHere(domain);
    await world.add(domain);
    for (let n = 1; n <= 5; n += 1) {
      await world.stands(domain, { state: 'valid' });
      // An operator removes it in the panel, again and again.
      world.show(domain, 'none');
      await world.pass(2 * hourMs);
      await world.retry(domain);
      await world.pass(10 * minuteMs);
      if (n < 4) expect(world.orders()).toHaveLength(n + 1);
      else break;
    }
    expect(world.orders()).toHaveLength(4);
    await world.stands(domain, { state: 'pending', reason: 'order-budget' });
    await world.retry(domain);
    await world.pass(6 * dayMs);
    expect(world.orders()).toHaveLength(4);
    await world.stands(domain, { state: 'valid' }, { withinMs: 2 * dayMs });
    expect(world.orders()).toHaveLength(5);
  });
});
