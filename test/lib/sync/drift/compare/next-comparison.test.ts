import { describe, expect, test } from '@jest/globals';
import { RuncloudTimeout } from '../../../../../lib/runcloud/errors.ts';
import { claimKey } from '../../../../../lib/sync/ledger/keys.ts';
import { APP, DAY, HOUR, NETWORK, NOW, OTHER_APP, row } from '../../../../support/sync/items.ts';
import { comparing, due, primary, settled, tomorrow } from './compared.ts';

describe('the next comparison', () => {
  test('is due at the network’s own time of the next day', async () => {
    const world = await comparing({ items: [settled()], rows: [primary, row()] });
    await world.compare();
    const dueAt = tomorrow(world.time.now());
    expect(await world.network()).toMatchObject({
      comparison: { dueAt, begunAt: null },
      dueAt,
      sendAt: dueAt,
      owner: null,
      leaseUntil: null,
    });
  });

  test('is not made before its time; a message that comes early or late changes nothing', async () => {
    const later = { dueAt: NOW + HOUR, begunAt: null };
    const world = await comparing({
      network: due({ comparison: later, dueAt: NOW + HOUR, sendAt: NOW + 9 * HOUR }),
    });
    await world.compare();
    expect(world.ops()).toEqual([]);
    expect(await world.network()).toMatchObject({ dueAt: NOW + HOUR, sendAt: NOW + HOUR });
  });

  test('comes in an hour when RunCloud did not answer; the network is not paused by it', async () => {
    const world = await comparing({
      items: [settled()],
      onCall: async () => {
        throw new RuncloudTimeout('no answer', { method: 'GET', path: '/domains' });
      },
    });
    await world.compare();
    const dueAt = world.time.now() + HOUR;
    expect(await world.network()).toMatchObject({ pause: null, drift: null, dueAt, comparison: { dueAt } });
    expect(world.comparisons).toMatchObject([{ drift: null, error: { code: 'runcloud-timeout' } }]);
    expect(await world.domain()).toEqual(settled());
  });

  test('comes in an hour after one that met a bug, or was killed, and asks RunCloud nothing until then', async () => {
    const world = await comparing({
      onCall: async () => {
        throw new TypeError('a bug');
      },
    });
    await expect(world.compare()).rejects.toThrow('a bug');
    expect(await world.network()).toMatchObject({ owner: null, dueAt: NOW + HOUR, sendAt: NOW + HOUR });
    await world.compare();
    expect(world.ops()).toHaveLength(1);
  });

  test('waits for a requeue, which goes before it', async () => {
    const world = await comparing({ network: due({ requeue: { reason: 'resumed', cursor: null } }) });
    await world.compare();
    expect(world.ops()).toEqual([]);
    expect(await world.network()).toMatchObject({ requeue: null, dueAt: NOW, sendAt: NOW });
    await world.compare();
    expect(world.ops()).toEqual(['page']);
  });

  test('leaves a requeue that was started meanwhile due at once', async () => {
    const world = await comparing({
      onCall: async () => {
        const item = await world.network();
        await world.putNetwork({ ...item, requeue: { reason: 'resumed', cursor: null }, revision: 9 });
      },
    });
    await world.compare();
    expect(await world.network()).toMatchObject({
      requeue: { reason: 'resumed' },
      owner: null,
      sendAt: world.time.now(),
    });
  });
});

test('a claim is renewed by the comparison though no domain is due', async () => {
  const claim = { ...APP, renewedAt: NOW - DAY, readAt: NOW - DAY };
  const world = await comparing({ network: due({ claim }) });
  await world.compare();
  expect(await world.get(claimKey(APP.serverId, APP.appId))).toEqual({ network: NETWORK, renewedAt: NOW });
});

test('ids that changed are noticed by the comparison: all domains are requeued first', async () => {
  const world = await comparing({ access: { app: OTHER_APP, readAt: NOW }, items: [settled()] });
  await world.compare();
  expect(world.ops()).toEqual([]);
  expect(await world.network()).toMatchObject({
    requeue: { reason: 'moved' },
    claim: OTHER_APP,
    sendAt: NOW,
  });
});

test('what was found at an application that the network has left meanwhile is not reported', async () => {
  const world: Awaited<ReturnType<typeof comparing>> = await comparing({
    items: [settled()],
    onCall: async () => {
      const item = await world.network();
      await world.putNetwork({ ...item, claim: { ...OTHER_APP, renewedAt: NOW, readAt: NOW } });
    },
  });
  await world.compare();
  expect(await world.network()).toMatchObject({ drift: null, owner: null });
});
