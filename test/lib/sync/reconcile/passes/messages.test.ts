import { describe, expect, test } from '@jest/globals';
import { recordUpdate } from '../../../../../lib/sync/events/record-update.ts';
import {
  BASE_MS,
  DOMAIN,
  domainItem,
  MINUTE,
  NOW,
  row,
  SECOND,
  settledItem,
  update,
} from '../../../../support/sync/items.ts';
import { reconcileWorld } from '../../../../support/sync/reconcile-world.ts';
import { removal } from './failing-calls.ts';

describe('a message', () => {
  test('about a domain that is wanted brings it to RunCloud, and ends its schedule', async () => {
    const world = reconcileWorld();
    await world.putDomain(domainItem());
    await world.pass();
    expect([...world.hosting.rows.values()]).toMatchObject([{ name: DOMAIN, type: 'alias' }]);
    expect(await world.domain()).toMatchObject({ state: 'present', dueAt: null, sendAt: null, owner: null });
  });

  test('about a domain that is to go takes it from RunCloud', async () => {
    const world = reconcileWorld({ rows: [row()] });
    await world.putDomain(removal());
    await world.pass();
    expect(world.hosting.rows.size).toBe(0);
    expect(await world.domain()).toMatchObject({ state: 'absent', dueAt: null, runcloudId: null });
  });

  test('about settled work makes no call', async () => {
    const world = reconcileWorld();
    await world.putDomain(settledItem());
    await world.pass();
    expect(world.calls).toEqual([]);
    expect(await world.domain()).toEqual(settledItem());
  });

  test('about an unknown domain does nothing', async () => {
    const world = reconcileWorld();
    await world.pass('unknown.example');
    expect(world.ledger.all('domain')).toEqual([]);
  });

  test('that comes twice at once is worked on once', async () => {
    const world = reconcileWorld();
    await world.putDomain(domainItem());
    await Promise.all([world.pass(), world.pass(), world.pass()]);
    expect(world.ops()).toEqual(['add']);
  });

  test('about what finally failed does nothing', async () => {
    const world = reconcileWorld();
    await world.putDomain(domainItem({ state: 'failed', dueAt: null, sendAt: null }));
    await world.pass();
    expect(world.calls).toEqual([]);
    expect(world.queue.deadLetters).toEqual([]);
  });

  test('is reported once it is settled', async () => {
    const world = reconcileWorld();
    await world.putDomain(domainItem());
    await world.pass();
    expect(world.reports).toMatchObject([
      { settled: { kind: 'done' }, found: { result: { kind: 'settled' }, calls: 1 } },
    ]);
  });
});

describe('an update that comes during a pass', () => {
  test('is reconciled by the same worker, as soon as it is free', async () => {
    const world = reconcileWorld({
      onDone: async ({ op }) => {
        if (op === 'add')
          await recordUpdate(world.ledger, update({ wanted: 'absent' }), { now: NOW, baseMs: BASE_MS });
      },
    });
    await world.putDomain(domainItem());
    await world.pass();
    expect(world.hosting.rows.size).toBe(0);
    expect(await world.domain()).toMatchObject({ wanted: 'absent', state: 'absent', dueAt: null });
    expect(world.reports.map(({ settled }) => settled.kind)).toEqual(['again', 'done']);
  });

  test('is left to the sweep where no time is left', async () => {
    const world = reconcileWorld({
      onDone: async ({ op }) => {
        if (op !== 'add') return;
        await recordUpdate(world.ledger, update({ wanted: 'absent' }), { now: NOW, baseMs: BASE_MS });
        await world.time.advance(4 * MINUTE + 40 * SECOND);
      },
    });
    await world.putDomain(domainItem());
    await world.pass();
    expect(world.ops()).toEqual(['add']);
    const at = world.time.now();
    expect(await world.domain()).toMatchObject({ wanted: 'absent', owner: null, dueAt: NOW, sendAt: at });
  });
});
