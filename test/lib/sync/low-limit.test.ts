import { describe, expect, test } from '@jest/globals';
import { rateLimitKey } from '../../../lib/sync/ledger/keys.ts';
import { freshRateLimit } from '../../../lib/sync/network/limits/slots.ts';
import { certificateWorld } from '../../support/certificates/certificate-world.ts';
import { APP, DOMAIN, domainItem, HOUR, MINUTE, row, SECOND } from '../../support/sync/items.ts';
import { reconcileWorld } from '../../support/sync/reconcile-world.ts';

const pace = rateLimitKey('f00dfeedf00dfeed');

/** Reconciles until nothing is due any more. Returns how often. */
async function looksUntilSettled(world: ReturnType<typeof reconcileWorld>): Promise<number> {
  for (let passes = 1; passes <= 20; passes += 1) {
    await world.pass();
    const { dueAt } = await world.domain();
    if (dueAt === null) return passes;
    await world.time.advance(Math.max(0, dueAt - world.time.now()));
  }
  throw new Error(`Still open after 20 looks, with the calls ${world.ops().join(' ')}`);
}

describe.each([1, 2])('with %d calls a minute', (limitPerMinute) => {
  const slowWorld = (...options: Parameters<typeof reconcileWorld>) => {
    const world = reconcileWorld(...options);
    world.ledger.put(pace, { ...freshRateLimit, limitPerMinute });
    return world;
  };
  const runcloudId = { id: 5, ...APP };

  test('a removal ends', async () => {
    const world = slowWorld({ rows: [row()] });
    await world.putDomain(domainItem({ wanted: 'absent', state: 'removing', runcloudId }));
    expect(await looksUntilSettled(world)).toBe(1);
    expect(await world.domain()).toMatchObject({ state: 'absent' });
    expect(world.ops().filter((op) => op === 'remove')).toHaveLength(1);
  });

  test('a removal of what is known by its name only ends', async () => {
    const world = slowWorld({ rows: [row()] });
    await world.putDomain(domainItem({ wanted: 'absent', state: 'removing', answered: true }));
    expect(await looksUntilSettled(world)).toBeLessThanOrEqual(2);
    expect(await world.domain()).toMatchObject({ state: 'absent' });
  });

  test('an addition that needs a listing first ends', async () => {
    const world = slowWorld();
    await world.putDomain(domainItem({ answered: true }));
    expect(await looksUntilSettled(world)).toBe(1);
    expect(world.ops()).toEqual(['page', 'add']);
  });

  test('a repair ends', async () => {
    const world = slowWorld({ rows: [row({ type: 'redirect' })] });
    await world.putDomain(domainItem({ answered: true, runcloudId }));
    expect(await looksUntilSettled(world)).toBeLessThanOrEqual(2);
    expect(await world.domain()).toMatchObject({ state: 'present' });
  });

  test.each(['basic', 'advanced'] as const)('a certificate in %s mode is ordered', async (mode) => {
    const world = certificateWorld({ mode });
    world.ledger.put(pace, { ...freshRateLimit, limitPerMinute });
    await world.arrive();
    await world.time.advance(20 * SECOND);
    await world.live(HOUR);
    expect(await world.request(DOMAIN)).toMatchObject({ state: 'valid' });
    expect(world.orders).toHaveLength(1);
  });
});

test('whose first slot is far away leaves it to another worker', async () => {
  const world = reconcileWorld();
  world.ledger.put(pace, { ...freshRateLimit, nextFreeAt: world.time.now() + MINUTE });
  await world.putDomain(domainItem());
  await world.pass();
  expect(world.calls).toEqual([]);
});
