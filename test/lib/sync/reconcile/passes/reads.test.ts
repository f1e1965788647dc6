import { describe, expect, test } from '@jest/globals';
import { rateLimitKey } from '../../../../../lib/sync/ledger/keys.ts';
import { DOMAIN, domainItem, HOUR, NOW, networkItem, row } from '../../../../support/sync/items.ts';
import { reconcileWorld } from '../../../../support/sync/reconcile-world.ts';
import { pause, removal } from './failing-calls.ts';

describe('a first pass', () => {
  test('costs one call, counted by the month', async () => {
    const world = reconcileWorld();
    await world.putDomain(domainItem());
    await world.pass();
    expect(world.ops()).toEqual(['add']);
    const { calls } = await world.get(rateLimitKey('f00dfeedf00dfeed'));
    expect(calls).toEqual({ month: '2026-11', count: 1 });
  });

  test('reads while the network is being announced again', async () => {
    const world = reconcileWorld({ rows: [row()] });
    await world.putDomain(domainItem());
    await world.putNetwork(networkItem({ readsFirst: true }));
    await world.pass();
    expect(world.ops()).toEqual(['page']);
  });

  test('that a listing explained makes the next ones read', async () => {
    const world = reconcileWorld({ rows: [row()] });
    await world.putDomain(domainItem());
    await world.pass();
    expect(world.ops()).toEqual(['add', 'page']);
    expect((await world.network()).readsFirst).toBe(true);
  });

  test('is not blind after a write whose answer was lost, also when nothing can land any longer', async () => {
    const world = reconcileWorld({ rows: [row()] });
    await world.putDomain(domainItem({ ambiguousUntil: NOW - HOUR }));
    await world.pass();
    expect(world.ops()).toEqual(['page']);
  });
});

describe('a kept listing', () => {
  const announced = (domain: string) => domainItem({ domain });
  const rows = [row(), row({ id: 6, name: 'second.example' }), row({ id: 7, name: 'www.third.example' })];

  test('answers many passes of a network that is announced again', async () => {
    const world = reconcileWorld({ rows });
    await world.putNetwork(networkItem({ readsFirst: true }));
    await world.putDomain(announced(DOMAIN));
    await world.putDomain(announced('second.example'));
    await world.pass();
    await world.pass('second.example');
    expect(world.ops()).toEqual(['page']);
    expect(await world.domain('second.example')).toMatchObject({ state: 'present', runcloudId: { id: 6 } });
  });

  test('serves a name that has a www beside it, unless one of them was written since', async () => {
    for (const wroteAt of [null, NOW - 10]) {
      const world = reconcileWorld({ rows: [...rows, row({ id: 8, name: 'third.example' })] });
      await world.putNetwork(networkItem({ readsFirst: true }));
      for (const name of [DOMAIN, 'third.example', 'www.third.example']) {
        await world.putDomain(domainItem({ domain: name, ...(name === 'third.example' && { wroteAt }) }));
      }
      for (const name of [DOMAIN, 'third.example', 'www.third.example']) await world.pass(name);
      expect(world.ops()).toEqual(wroteAt === null ? ['page'] : ['page', 'page', 'page']);
    }
  });

  test('does not serve a probe: that needs an answer from RunCloud', async () => {
    const world = reconcileWorld({ rows });
    await world.putNetwork(networkItem({ readsFirst: true }));
    await world.putDomain(announced(DOMAIN));
    await world.putDomain(announced('second.example'));
    await world.pass();
    await world.putNetwork({ ...(await world.network()), pause: { ...pause, probeAt: NOW } });
    await world.pass('second.example');
    expect(world.ops()).toEqual(['page', 'page']);
  });
});

describe('a removal by its id', () => {
  test('lists once more while RunCloud may hold a name twice, and not once it has refused one', async () => {
    const second = 'second.example';
    const world = reconcileWorld({ rows: [row(), row({ id: 6, name: second })] });
    await world.putDomain(removal());
    await world.pass();
    expect(world.ops().splice(0)).toEqual(['page', 'remove']);
    // Announced again, it is there already.
    await world.putDomain(domainItem({ domain: second }));
    await world.pass(second);
    expect((await world.network()).refusesDuplicates).toBe(true);
    const known = await world.domain(second);
    const made = world.calls.length;
    const due = world.time.now();
    await world.putDomain({ ...known, wanted: 'absent', state: 'removing', dueAt: due, sendAt: due });
    await world.pass(second);
    expect(world.ops().slice(made)).toEqual(['find', 'remove']);
    expect(await world.domain(second)).toMatchObject({ state: 'absent', dueAt: null });
  });
});
