import { describe, expect, test } from '@jest/globals';
import { RuncloudTimeout } from '../../../../../lib/runcloud/errors.ts';
import { noticesKey, rateLimitKey } from '../../../../../lib/sync/ledger/keys.ts';
import { freshRateLimit } from '../../../../../lib/sync/network/limits/slots.ts';
import { domainItem, HOUR, MINUTE, NOW, networkItem, row } from '../../../../support/sync/items.ts';
import { reconcileWorld } from '../../../../support/sync/reconcile-world.ts';
import { madeCall, removal, throwing } from './failing-calls.ts';

describe('the limit of an hour', () => {
  test('the removal limit holds a removal beyond the hour’s number, visibly and without counting it as a failure', async () => {
    const world = reconcileWorld({ rows: [row()], access: { removalsPerHour: 1 } });
    const minute = Math.floor(NOW / MINUTE) - 10;
    await world.putNetwork(networkItem({ removals: [{ minute, count: 1 }] }));
    await world.putDomain(removal());
    await world.pass();
    expect(world.ops()).toEqual(['page']);
    const item = await world.domain();
    expect(item).toMatchObject({ state: 'removing', reason: 'removals-limited', attempts: 0 });
    expect(item.dueAt).toBeGreaterThanOrEqual(NOW + 50 * MINUTE - MINUTE);
  });

  test('the limit of additions holds an addition beyond the hour’s number, visibly and without counting it as a failure', async () => {
    const world = reconcileWorld({ access: { additionsPerHour: 1 } });
    const minute = Math.floor(NOW / MINUTE) - 10;
    await world.putNetwork(networkItem({ additions: [{ minute, count: 1 }] }));
    await world.putDomain(domainItem());
    for (const _pass of ['first', 'early']) {
      await world.pass();
      expect(world.ops()).toEqual([]);
      const item = await world.domain();
      expect(item).toMatchObject({ state: 'pending', reason: 'additions-limited', attempts: 0 });
      expect(item.dueAt).toBeGreaterThanOrEqual(NOW + 50 * MINUTE - MINUTE);
      await world.putDomain({ ...item, dueAt: NOW });
    }

    await world.time.advance(HOUR);
    await world.pass();
    expect(world.ops()).toEqual(['add']);
    expect(await world.domain()).toMatchObject({ state: 'present', reason: null });
    expect((await world.network()).additions).toHaveLength(1);
    expect((await world.get(noticesKey('demo'))).waiting).toMatchObject([
      { code: 'additions-limited', domain: null },
      { code: 'domain-settled' },
    ]);
  });

  test('a removal that the removal limit holds reads nothing until there is room', async () => {
    const world = reconcileWorld({ rows: [row()], access: { removalsPerHour: 1 } });
    const minute = Math.floor(NOW / MINUTE) - 10;
    await world.putNetwork(networkItem({ removals: [{ minute, count: 1 }] }));
    await world.putDomain({ ...removal(), state: 'removing', reason: 'removals-limited' });
    await world.pass();
    expect(world.ops()).toEqual([]);
    expect(await world.domain()).toMatchObject({
      state: 'removing',
      reason: 'removals-limited',
      attempts: 0,
    });
  });

  test('the removal limit counts no removal that pacing, or the function’s time, kept from being sent', async () => {
    const world = reconcileWorld({ rows: [row()] });
    const slowly = { ...freshRateLimit, nextFreeAt: NOW, limitPerMinute: 1 / 5 };
    world.ledger.put(rateLimitKey('f00dfeedf00dfeed'), slowly);
    await world.putDomain(removal());
    await world.pass();
    expect(world.ops()).toEqual(['page']);
    expect((await world.network()).removals).toEqual([]);
    expect(await world.domain()).toMatchObject({
      owner: null,
      attempt: null,
      ambiguousUntil: null,
      reason: null,
    });
  });

  test('the removal limit lets one of two removals pass that ask for the last one at once', async () => {
    const world = reconcileWorld({ rows: [row()], access: { removalsPerHour: 1 } });
    const minute = Math.floor(NOW / MINUTE);
    await world.putDomain(removal());
    const { ledger } = world.services;
    let slots = 0;
    const services = {
      ...world.services,
      // Another removal takes the last one allowed once this pass has asked, while it waits for the slot of its DELETE.
      ledger: {
        ...ledger,
        write: async (...[key, item, writes]: Parameters<typeof ledger.write>) => {
          if (key.kind === 'rateLimit') slots += 1;
          if (key.kind === 'rateLimit' && slots === 1)
            await world.putNetwork(networkItem({ removals: [{ minute, count: 1 }] }));
          return ledger.write(key, item, writes);
        },
      },
    };
    await world.passWith(services);
    expect(world.ops()).toEqual(['page']);
    expect((await world.network()).removals).toEqual([{ minute, count: 1 }]);
    expect(await world.domain()).toMatchObject({ reason: 'removals-limited', attempt: null, attempts: 0 });
  });

  test('the removal limit counts a removal although its answer is lost', async () => {
    const lost = () => new RuncloudTimeout('No answer', { ...madeCall, unanswered: true });
    const world = reconcileWorld({ rows: [row()], onDone: throwing(lost, 'remove') });
    await world.putDomain(removal());
    await world.pass();
    expect((await world.network()).removals).toMatchObject([{ count: 1 }]);
    expect(await world.domain()).toMatchObject({
      ambiguousUntil: expect.any(Number),
      lastError: { code: 'runcloud-timeout' },
    });
  });
});
