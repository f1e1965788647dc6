import { describe, expect, test } from '@jest/globals';
import { claimKey } from '../../../../../lib/sync/ledger/keys.ts';
import { APP, domainItem, NOW, networkItem, OTHER_APP, row, SECOND } from '../../../../support/sync/items.ts';
import { reconcileWorld } from '../../../../support/sync/reconcile-world.ts';

describe('the application', () => {
  test('is claimed before anything is done to it', async () => {
    const world = reconcileWorld();
    await world.putDomain(domainItem());
    await world.pass();
    expect(await world.get(claimKey(APP.serverId, APP.appId))).toMatchObject({ renewedAt: NOW });
    expect((await world.network()).claim).toEqual({ ...APP, renewedAt: NOW, readAt: NOW });
  });

  test('decides what an id means: one of another application is not asked for', async () => {
    const world = reconcileWorld({ rows: [row()] });
    await world.putDomain(domainItem({ runcloudId: { id: 77, ...OTHER_APP }, answered: true }));
    await world.pass();
    expect(world.ops()).toEqual(['add', 'page']);
    expect((await world.domain()).runcloudId).toEqual({ id: 5, ...APP });
  });

  const left = { claim: { ...APP, renewedAt: NOW, readAt: NOW } };

  test('that a kept secret names, but that was left, is not gone back to', async () => {
    const world = reconcileWorld({ access: ({ fresh }) => (fresh ? {} : { app: OTHER_APP }) });
    await world.putDomain(domainItem());
    await world.putNetwork(networkItem(left));
    await world.pass();
    expect((await world.network()).claim).toMatchObject(APP);
    expect((await world.domain()).runcloudId).toMatchObject(APP);
  });

  test.each([
    ['before', -9 * SECOND, SECOND],
    ['at the same time as', 0, 10 * SECOND],
    ['so little later than that clocks may disagree about', 5 * SECOND, 15 * SECOND],
  ])(
    'is not moved by a secret read %s the one that claimed: it is read again first',
    async (_, readMs, waitMs) => {
      const world = reconcileWorld({ access: { app: OTHER_APP, readAt: NOW + readMs } });
      await world.putDomain(domainItem());
      await world.putNetwork(networkItem(left));
      await world.pass();
      expect(world.ops()).toEqual([]);
      expect((await world.network()).claim).toMatchObject(APP);
      expect(await world.domain()).toMatchObject({ attempts: 0, dueAt: NOW + waitMs, sendAt: NOW + waitMs });
    },
  );

  test('is moved by a secret read later than the one that claimed', async () => {
    const world = reconcileWorld({ access: { app: OTHER_APP, readAt: NOW + 5 * SECOND + 1 } });
    await world.putDomain(domainItem());
    await world.putNetwork(networkItem(left));
    await world.pass();
    expect((await world.network()).claim).toMatchObject({ ...OTHER_APP, readAt: NOW + 5 * SECOND + 1 });
    expect((await world.domain()).runcloudId).toMatchObject(OTHER_APP);
  });
});
