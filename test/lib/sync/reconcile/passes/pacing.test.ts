import { describe, expect, test } from '@jest/globals';
import { RuncloudRateLimited } from '../../../../../lib/runcloud/errors.ts';
import { rateLimitKey } from '../../../../../lib/sync/ledger/keys.ts';
import { freshRateLimit } from '../../../../../lib/sync/network/limits/slots.ts';
import { APP, DOMAIN, domainItem, MINUTE, NOW, row, SECOND } from '../../../../support/sync/items.ts';
import { reconcileWorld } from '../../../../support/sync/reconcile-world.ts';
import { madeCall, throwing } from './failing-calls.ts';

describe('pacing', () => {
  const pace = (nextFreeAt: number) => ({ ...freshRateLimit, nextFreeAt });

  test('that is far away holds the pass until there is a slot', async () => {
    const world = reconcileWorld();
    await world.put(rateLimitKey('f00dfeedf00dfeed'), pace(NOW + 5 * MINUTE));
    await world.putDomain(domainItem());
    await world.pass();
    expect(world.ops()).toEqual([]);
    const item = await world.domain();
    expect(item).toMatchObject({ state: 'pending', attempts: 0, lastError: null });
    expect(item.dueAt).toBeGreaterThanOrEqual(NOW + 5 * MINUTE);
    expect((await world.get(rateLimitKey('f00dfeedf00dfeed'))).calls).toBeNull();
  });

  test('that is near is waited for by the same worker', async () => {
    const world = reconcileWorld();
    await world.put(rateLimitKey('f00dfeedf00dfeed'), pace(NOW + 2 * SECOND));
    await world.putDomain(domainItem());
    await world.pass();
    expect(world.time.now()).toBe(NOW + 2 * SECOND);
    expect(await world.domain()).toMatchObject({ state: 'present' });
  });

  test('that outlasts the function ends the pass in time, and counts neither failure nor crash', async () => {
    const world = reconcileWorld({ rows: [row()], onCall: () => world.time.advance(29 * SECOND) });
    await world.putDomain(domainItem({ wanted: 'absent', runcloudId: { id: 99, ...APP } }));
    await world.pass(DOMAIN, { withinMs: 80 * SECOND });
    expect(world.ops()).toEqual(['page']);
    expect(await world.domain()).toMatchObject({ owner: null, attempts: 0, crashes: 0 });
  });

  test('of nothing but 429 for 15 minutes is a quota that is spent', async () => {
    const world = reconcileWorld({
      onCall: throwing(() => new RuncloudRateLimited('Fewer calls', { ...madeCall, status: 429 })),
    });
    await world.putDomain(domainItem());
    await world.pass();
    expect((await world.network()).pause).toBeNull();
    await world.time.advance(16 * MINUTE);
    await world.pass();
    expect((await world.network()).pause?.code).toBe('runcloud-quota-spent');
    expect(await world.domain()).toMatchObject({ state: 'paused', reason: 'runcloud-quota-spent' });
  });
});
