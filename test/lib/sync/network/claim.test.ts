import { describe, expect, test } from '@jest/globals';
import { claimKey, networkKey } from '../../../../lib/sync/ledger/keys.ts';
import { isSameApp } from '../../../../lib/sync/ledger/same-app.ts';
import { updateItem } from '../../../../lib/sync/ledger/updates/update.ts';
import { ensureClaim, foreignUntil } from '../../../../lib/sync/network/claim.ts';
import { nextDaily } from '../../../../lib/sync/network/daily.ts';
import { requeueDue } from '../../../../lib/sync/network/requeue-due.ts';
import { memoryLedger } from '../../../doubles/ledger.ts';
import { claimWorld } from '../../../support/sync/claim-world.ts';
import {
  APP,
  DAY,
  DOMAIN,
  HOUR,
  MINUTE,
  NETWORK,
  NOW,
  networkItem,
  OTHER_APP,
  order,
  SECOND,
} from '../../../support/sync/items.ts';

describe('a web application', () => {
  test('is claimed by the first network that works on it', async () => {
    const { ensure, claim, network } = claimWorld();
    await ensure();
    expect(await claim()).toEqual({ network: NETWORK, renewedAt: NOW });
    expect((await network())?.claim).toEqual({ ...APP, renewedAt: NOW, readAt: NOW });
  });

  test('is refused to another network with the same ids, and the error names the application', async () => {
    const { ensure, claim } = claimWorld();
    await ensure();
    await expect(ensure(NOW + HOUR, APP, 'staging')).rejects.toMatchObject({
      name: 'AppClaimed',
      code: 'app-claimed',
      failure: 'network',
      message: expect.stringContaining('web application 7 on server 42'),
    });
    expect((await claim())?.network).toBe(NETWORK);
  });

  test('is free for others 48 hours after the last renewal', async () => {
    const { ensure, claim } = claimWorld();
    await ensure();
    await expect(ensure(NOW + 48 * HOUR - 1, APP, 'staging')).rejects.toThrow();
    await ensure(NOW + 48 * HOUR, APP, 'staging');
    expect((await claim())?.network).toBe('staging');
  });

  test('is not stolen by two networks at once', async () => {
    const { ensure } = claimWorld();
    const outcomes = await Promise.allSettled([ensure(NOW, APP, 'one'), ensure(NOW, APP, 'two')]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('of the same number on another server is another one', () => {
    expect(isSameApp(APP, { serverId: '43', appId: '7' })).toBe(false);
    expect(isSameApp(APP, { ...APP })).toBe(true);
  });
});

describe('a claim', () => {
  test('is renewed after half a day, so by every daily comparison, and not by every pass', async () => {
    const { ensure, claim } = claimWorld();
    await ensure();
    await ensure(NOW + DAY / 2 - 1);
    expect((await claim())?.renewedAt).toBe(NOW);
    await ensure(NOW + DAY / 2);
    expect((await claim())?.renewedAt).toBe(NOW + DAY / 2);
  });

  test('once taken sets the first comparison, at the network’s own time of day; a renewal moves it no more', async () => {
    const { ensure, network } = claimWorld();
    await ensure();
    const dueAt = nextDaily(NETWORK, NOW);
    expect(await network()).toMatchObject({ comparison: { dueAt, begunAt: null }, dueAt, sendAt: dueAt });
    await ensure(NOW + DAY);
    expect(await network()).toMatchObject({ comparison: { dueAt, begunAt: null }, dueAt, sendAt: dueAt });
  });

  test('once held asks nothing of the ledger', async () => {
    const untouchable = {
      ...memoryLedger(),
      read: () => Promise.reject(new Error('read')),
      write: () => Promise.reject(new Error('write')),
    };
    const item = networkItem({ claim: { ...APP, renewedAt: NOW, readAt: NOW } });
    await ensureClaim(untouchable, item, { network: NETWORK, access: { app: APP, readAt: NOW }, now: NOW });
  });

  test('that another network took over meanwhile is noticed at the next renewal', async () => {
    const { ensure, ledger } = claimWorld();
    await ensure();
    await ledger.write(claimKey(APP.serverId, APP.appId), { network: 'staging', renewedAt: NOW + DAY }, 1);
    await expect(ensure(NOW + DAY)).rejects.toThrow('already manages');
  });

  test('of another network ends 48 hours after its renewal; one’s own never does', () => {
    const claim = { network: 'staging', renewedAt: NOW };
    expect(foreignUntil(claim, NETWORK, NOW)).toBe(NOW + 48 * HOUR);
    expect(foreignUntil(claim, NETWORK, NOW + 48 * HOUR)).toBeUndefined();
    expect(foreignUntil(claim, 'staging', NOW)).toBeUndefined();
    expect(foreignUntil(undefined, NETWORK, NOW)).toBeUndefined();
  });
});

describe('a network whose ids change', () => {
  test('claims the new application and lets the old one go at once', async () => {
    const { ensure, claim } = claimWorld();
    await ensure();
    await ensure(NOW + HOUR, OTHER_APP);
    expect(await claim(OTHER_APP)).toEqual({ network: NETWORK, renewedAt: NOW + HOUR });
    await ensure(NOW + HOUR, APP, 'staging');
    expect((await claim())?.network).toBe('staging');
  });

  test('is not moved back by a worker whose secret was read before the move, though it saw no claim', async () => {
    const { ledger, ensure, claim, network } = claimWorld();
    const before = await network();
    await ensure(NOW + MINUTE, OTHER_APP);
    const access = { app: APP, readAt: NOW };
    const late = ensureClaim(ledger, before, { network: NETWORK, access, now: NOW + 2 * MINUTE });
    await expect(late).rejects.toMatchObject({ name: 'NotBefore', until: NOW + 10 * SECOND });
    expect((await network())?.claim).toMatchObject(OTHER_APP);
    expect(await claim(APP)).toEqual({ network: NETWORK, renewedAt: 0 });
  });

  test('has all its domains requeued', async () => {
    const { ensure, network } = claimWorld();
    await ensure();
    expect((await network())?.requeue).toBeNull();
    await ensure(NOW + HOUR, OTHER_APP);
    expect(await network()).toMatchObject({
      requeue: { reason: 'moved', cursor: null, movedAt: NOW + HOUR },
      sendAt: NOW + HOUR,
      claim: OTHER_APP,
    });
  });

  test('keeps the moment of the first move while its domains are requeued', async () => {
    const { ledger, ensure, network } = claimWorld();
    await ensure();
    await ensure(NOW + HOUR, OTHER_APP);
    const third = { ...APP, appId: '9' };
    await ensure(NOW + 2 * HOUR, third);
    await ensure(NOW + 15 * HOUR, third);
    const begun = { reason: 'moved', cursor: null, movedAt: NOW + HOUR };
    expect(await network()).toMatchObject({ requeue: begun, claim: { renewedAt: NOW + 15 * HOUR } });
    await updateItem(ledger, networkKey(NETWORK), (item = networkItem()) => ({
      write: { ...item, ...requeueDue(item, 'resumed', NOW + 16 * HOUR) },
      result: undefined,
    }));
    expect((await network())?.requeue).toEqual(begun);
  });

  test('waits for nothing that was ordered there, and forgets no order', async () => {
    const { ledger, ensure, network } = claimWorld();
    await ensure();
    const certificates = {
      owner: null,
      leaseUntil: null,
      orders: [order(NOW)],
      ordered: [DOMAIN],
      suspects: [],
    };
    await updateItem(ledger, networkKey(NETWORK), (item = networkItem()) => ({
      write: { ...item, certificates },
      result: undefined,
    }));
    await ensure(NOW + MINUTE);
    expect((await network())?.certificates).toEqual(certificates);
    await ensure(NOW + HOUR, OTHER_APP);
    expect((await network())?.certificates).toEqual({ ...certificates, ordered: [], suspects: [] });
  });

  test('does not requeue for a renewal', async () => {
    const { ensure, network } = claimWorld();
    await ensure();
    await ensure(NOW + 2 * DAY);
    expect((await network())?.requeue).toBeNull();
  });

  test('lets the old application go, and notes it still, if the new one belongs to another network', async () => {
    const { ensure, claim, network } = claimWorld();
    await ensure();
    await ensure(NOW, OTHER_APP, 'staging');
    await expect(ensure(NOW + HOUR, OTHER_APP)).rejects.toThrow('already manages');
    expect(await claim()).toEqual({ network: NETWORK, renewedAt: 0 });
    expect((await network())?.claim).toMatchObject(APP);
  });

  test('and change back is not let go by the worker that was slow to follow the first change', async () => {
    const { ledger, ensure, claim, network } = claimWorld();
    await ensure();
    const before = await network();
    // It has noted the move, and stops before it releases the old application.
    let goOn = () => {};
    const stopped = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let noted = () => {};
    const isNoted = new Promise<void>((resolve) => {
      noted = resolve;
    });
    const slow: typeof ledger = {
      ...ledger,
      read: async (key) => {
        if (key.kind === 'claim' && (await network())?.claim?.appId === OTHER_APP.appId) {
          noted();
          await stopped;
        }
        return ledger.read(key);
      },
    };
    const moving = ensureClaim(slow, before, {
      network: NETWORK,
      access: { app: OTHER_APP, readAt: NOW + MINUTE },
      now: NOW + 3 * MINUTE,
    });
    await isNoted;
    await ensure(NOW + 2 * MINUTE);
    goOn();
    await moving;
    expect(await claim()).toEqual({ network: NETWORK, renewedAt: NOW + 2 * MINUTE });
  });

  test('does not let go what has become another network’s meanwhile', async () => {
    const { ensure, claim } = claimWorld();
    await ensure();
    await ensure(NOW + 3 * DAY, APP, 'staging');
    await ensure(NOW + 3 * DAY, OTHER_APP);
    expect(await claim()).toEqual({ network: 'staging', renewedAt: NOW + 3 * DAY });
  });
});
