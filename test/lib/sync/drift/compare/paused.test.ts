import { describe, expect, test } from '@jest/globals';
import { RuncloudTimeout } from '../../../../../lib/runcloud/errors.ts';
import { claimKey } from '../../../../../lib/sync/ledger/keys.ts';
import { APP, DAY, delays, HOUR, NETWORK, NOW, OTHER_APP, row } from '../../../../support/sync/items.ts';
import { comparing, due, long, primary, type Start, settled } from './compared.ts';

describe('a paused network', () => {
  const pause = { code: 'runcloud-unauthorized' as const, message: '', since: long, probeAt: NOW };

  test.each<[string, Start]>([
    ['by a pause', { network: due({ pause }) }],
    ['by PAUSED', { access: { paused: true } }],
  ])('%s is not compared, and keeps its claim', async (_, start) => {
    const network = start.network ?? due();
    const claim = { ...APP, renewedAt: NOW - DAY, readAt: NOW - DAY };
    const world = await comparing({ ...start, network: { ...network, claim }, items: [settled()] });
    await world.compare();
    expect(world.ops()).toEqual([]);
    expect(await world.get(claimKey(APP.serverId, APP.appId))).toEqual({ network: NETWORK, renewedAt: NOW });
    expect(await world.network()).toMatchObject({ dueAt: NOW + HOUR, sendAt: NOW + HOUR, drift: null });
    expect(world.comparisons).toMatchObject([{ paused: true }]);
  });

  test('takes no other application because its ids changed', async () => {
    const world = await comparing({ access: { paused: true, app: OTHER_APP, readAt: NOW } });
    await world.compare();
    expect((await world.network()).claim).toMatchObject(APP);
  });
});

describe('a pause that no domain waits for', () => {
  const pause = { code: 'runcloud-quota-spent' as const, message: '', since: long, probeAt: NOW - HOUR };

  test('is probed by the comparison: RunCloud’s answer ends it', async () => {
    const world = await comparing({ network: due({ pause }), items: [settled()], rows: [primary, row()] });
    await world.compare();
    expect(world.ops()).toEqual(['page']);
    expect(await world.network()).toMatchObject({
      pause: null,
      requeue: { reason: 'resumed' },
      sendAt: world.time.now(),
    });
    expect(world.comparisons).toMatchObject([{ transition: 'resumed', paused: false }]);
  });

  test('goes on when RunCloud does not answer, or when only a write would prove anything', async () => {
    const silent = await comparing({
      network: due({ pause }),
      onCall: async () => {
        throw new RuncloudTimeout('no answer', { method: 'GET', path: '/domains' });
      },
    });
    await silent.compare();
    expect(await silent.network()).toMatchObject({ pause: { probeAt: NOW + delays.probeMs }, requeue: null });

    const readable = await comparing({ network: due({ pause: { ...pause, code: 'runcloud-forbidden' } }) });
    await readable.compare();
    expect(await readable.network()).toMatchObject({ pause: { code: 'runcloud-forbidden' }, requeue: null });
    expect(readable.comparisons).toMatchObject([{ transition: null, drift: { missing: { count: 0 } } }]);
  });

  test('does not hide changed ids: the passes of the requeue are the probe then', async () => {
    const access = { app: OTHER_APP, readAt: NOW };
    const world = await comparing({ network: due({ pause }), access, items: [settled()] });
    await world.compare();
    expect(world.ops()).toEqual([]);
    const probeAt = NOW + delays.probeMs;
    expect(await world.network()).toMatchObject({
      pause: { probeAt },
      requeue: { reason: 'moved' },
      claim: OTHER_APP,
      sendAt: NOW,
    });
  });

  test('is probed by the one worker that wins it', async () => {
    const world = await comparing({ network: due({ pause: { ...pause, probeAt: NOW - HOUR + 1 } }) });
    await world.compare();
    expect(world.ops()).toEqual([]);
  });
});
