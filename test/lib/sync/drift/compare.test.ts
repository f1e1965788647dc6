import { describe, expect, test } from '@jest/globals';
import { RuncloudTimeout } from '../../../../lib/runcloud/errors.ts';
import type { DomainItem } from '../../../../lib/sync/ledger/items/domain-item.ts';
import type { NetworkItem } from '../../../../lib/sync/ledger/items/network-item.ts';
import { claimKey, comparisonKey } from '../../../../lib/sync/ledger/keys.ts';
import type { HostedDomain } from '../../../../lib/sync/ledger/runcloud-ports.ts';
import { nextDaily } from '../../../../lib/sync/network/daily.ts';
import { runNetworkWork } from '../../../../lib/sync/network-work/run.ts';
import {
  APP,
  DAY,
  DOMAIN,
  delays,
  HOUR,
  MINUTE,
  NETWORK,
  NOW,
  networkItem,
  OTHER_APP,
  row,
  SECOND,
  settledItem,
} from '../../../support/sync/items.ts';
import { reconcileWorld } from '../../../support/sync/reconcile-world.ts';

const CLAIMED = NOW - HOUR;
function due(part: Partial<NetworkItem> = {}): NetworkItem {
  return networkItem({
    claim: { ...APP, renewedAt: CLAIMED, readAt: CLAIMED },
    comparison: { dueAt: NOW, begunAt: null },
    dueAt: NOW,
    sendAt: NOW,
    ...part,
  });
}
const primary = row({ id: 1, name: 'network.example', type: 'primary' });
const long = new Date(NOW - HOUR).toISOString();
/** Settled long ago. */
function settled(part: Partial<DomainItem> = {}) {
  return settledItem({ since: long, ...part });
}
function name(n: number) {
  return `shop-${String(n).padStart(4, '0')}.example`;
}
function many(count: number) {
  return Array.from({ length: count }, (_, n) =>
    settled({ domain: name(n), runcloudId: { id: n + 10, ...APP } }),
  );
}
function rowsOf(items: readonly DomainItem[]): HostedDomain[] {
  return items.map(({ domain, runcloudId }) => row({ id: runcloudId?.id ?? 0, name: domain }));
}
function tomorrow(now: number) {
  return nextDaily(NETWORK, now);
}

interface Start extends NonNullable<Parameters<typeof reconcileWorld>[0]> {
  readonly network?: NetworkItem;
  readonly items?: readonly DomainItem[];
}

async function comparing({ network = due(), items = [], ...options }: Start = {}) {
  const world = reconcileWorld({ rows: [primary], ...options });
  await world.putNetwork(network);
  await world.put(claimKey(APP.serverId, APP.appId), { network: NETWORK, renewedAt: CLAIMED });
  for (const item of items) await world.putDomain(item);
  const compare = (withinMs = 5 * MINUTE) =>
    runNetworkWork(NETWORK, world.time.now() + withinMs, world.services);
  return { ...world, compare };
}

describe('a comparison records since when every name has one row', () => {
  test('so that the removal of what was there by then costs two calls', async () => {
    const world = await comparing({ items: [settled()], rows: [primary, row()] });
    await world.compare();
    expect((await world.network()).singleRowsAt).toBe(NOW);
    const at = world.time.now();
    await world.putDomain({ ...(await world.domain()), wanted: 'absent', dueAt: at, sendAt: at });
    await world.pass();
    expect(world.ops().slice(1)).toEqual(['find', 'remove']);
  });

  test('and no longer, once it sees a name twice', async () => {
    const world = await comparing({
      items: [settled()],
      rows: [primary, row(), row({ id: 6 })],
      network: due({ singleRowsAt: NOW - DAY }),
    });
    await world.compare();
    expect((await world.network()).singleRowsAt).toBeNull();
  });
});

describe('what is wanted and gone', () => {
  test('is due again, with jitter, and its pass adds it unread', async () => {
    const world = await comparing({ items: [settled()] });
    await world.compare();
    expect(world.ops()).toEqual(['page', 'find']);
    const item = await world.domain();
    expect(item).toMatchObject({ state: 'pending', runcloudId: null, answered: false, revision: 2 });
    expect(item.dueAt).toBeLessThanOrEqual(world.time.now() + delays.apiMarginMs);
    expect(item.sendAt).toBe(item.dueAt);
    expect(item.history.at(-1)).toMatchObject({ what: 'missing' });
    await world.time.advance(delays.apiMarginMs);
    await world.pass();
    expect(world.ops().slice(2)).toEqual(['add']);
    expect(await world.domain()).toMatchObject({ state: 'present', dueAt: null });
    expect((await world.network()).drift).toMatchObject({
      missing: { count: 1, names: [DOMAIN] },
      dryRun: false,
    });
  });

  test('is only reported in a dry run', async () => {
    const world = await comparing({ items: [settled()], services: { driftDryRun: true } });
    await world.compare();
    expect(await world.domain()).toEqual(settled());
    expect((await world.network()).drift).toMatchObject({
      missing: { count: 1, names: [DOMAIN] },
      dryRun: true,
    });
  });

  test('is believed gone only if RunCloud says so by its id: a page may have skipped it', async () => {
    const world = await comparing({ items: [settled()], rows: [primary, row()] });
    const skipping = {
      ...world.services,
      networks: {
        access: async (...asked: Parameters<typeof world.services.networks.access>) => {
          const access = await world.services.networks.access(...asked);
          return (
            access && {
              ...access,
              hosting: () => ({
                ...world.hosting,
                page: async () => ({ domains: [primary], unreadable: 0, total: 1, lastPage: 1, more: false }),
              }),
            }
          );
        },
      },
    };
    await runNetworkWork(NETWORK, NOW + 5 * MINUTE, skipping);
    expect(world.ops()).toEqual(['find']);
    expect(await world.domain()).toEqual(settled());
    expect((await world.network()).drift).toMatchObject({ missing: { count: 0 } });
  });

  test('is repaired also where its row has become a redirect, or another domain’s', async () => {
    for (const changed of [row({ type: 'redirect' }), row({ name: 'other.example' })]) {
      const world = await comparing({ items: [settled()], rows: [primary, changed] });
      await world.compare();
      expect((await world.domain()).dueAt).not.toBeNull();
    }
  });

  test('without a row of its own is due again if the list is whole', async () => {
    const covered = settled({ native: true, runcloudId: null, reason: 'covered-by-wildcard' });
    const world = await comparing({ items: [covered] });
    await world.compare();
    expect(world.ops()).toEqual(['page']);
    expect((await world.domain()).dueAt).not.toBeNull();
  });

  test('in great number is repaired two hundred at a time, the others an hour later', async () => {
    const world = await comparing({ items: many(230) });
    await world.compare(20 * MINUTE);
    const open = () => world.ledger.all('domain').filter(({ dueAt }) => dueAt !== null).length;
    expect(open()).toBe(200);
    const { drift, comparison } = await world.network();
    expect(drift?.missing).toMatchObject({ count: 200 });
    expect(drift?.missing.names).toHaveLength(10);
    expect(comparison).toEqual({ dueAt: world.time.now() + HOUR, begunAt: null });
    await world.time.advance(HOUR);
    await world.compare(20 * MINUTE);
    expect(open()).toBe(230);
  });

  test('according to a list that lies costs two hundred calls, and changes nothing', async () => {
    const items = many(230);
    const world = await comparing({ items, rows: [primary, ...rowsOf(items)] });
    const { hosting } = world;
    const empty = { domains: [], unreadable: 0, total: 0, more: false };
    Object.assign(hosting, { page: async () => empty });
    await world.compare(20 * MINUTE);
    expect(world.ops()).toHaveLength(200);
    expect(world.ledger.all('domain')).toEqual(items);
    expect((await world.network()).comparison?.dueAt).toBe(tomorrow(world.time.now()));
  });
});

describe('what is there and unwanted', () => {
  const stray = row({ id: 7, name: 'stray.example' });
  const back = row({ id: 8, name: 'gone.example' });
  const gone = settled({ domain: 'gone.example', wanted: 'absent', state: 'absent', runcloudId: null });

  test('is reported and left alone', async () => {
    const world = await comparing({ items: [gone, settled()], rows: [primary, row(), stray, back] });
    await world.compare();
    expect(world.ops()).toEqual(['page']);
    expect(world.ledger.all('domain')).toEqual([gone, settled()]);
    const { drift } = await world.network();
    expect(drift).toEqual({
      at: new Date(world.time.now()).toISOString(),
      missing: { count: 0, names: [] },
      unwanted: { count: 1, names: ['gone.example'] },
      unknown: { count: 1, names: ['stray.example'] },
      dryRun: false,
    });
    expect(world.comparisons).toMatchObject([
      { network: NETWORK, drift, calls: 1, error: null, paused: false },
    ]);
  });

  test('is not reported any more once it is gone', async () => {
    const world = await comparing({ items: [settled()], rows: [primary, row(), stray] });
    await world.compare();
    world.hosting.rows.delete(7);
    await world.time.advance(2 * DAY);
    await world.compare();
    expect((await world.network()).drift).toMatchObject({ unknown: { count: 0, names: [] } });
  });
});

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

describe('a list too long for one call', () => {
  const items = many(200);
  const rows = [primary, ...rowsOf(items.slice(1)), row({ id: 900, name: 'stray.example' })];
  /** Every page takes long enough that two of them fill the call. */
  const slow = async (): Promise<Awaited<ReturnType<typeof comparing>>> => {
    const world = await comparing({
      items,
      rows,
      onCall: async ({ op }) => {
        if (op === 'page') await world.time.advance(20 * SECOND);
      },
    });
    return world;
  };

  test('is gone on with from the stored page, and what was read before counts', async () => {
    const world = await slow();
    await world.compare(136 * SECOND);
    const { comparison, drift } = await world.network();
    expect([comparison, drift]).toEqual([{ dueAt: world.time.now(), begunAt: NOW }, null]);
    expect(await world.get(comparisonKey(NETWORK))).toMatchObject({
      begunAt: NOW,
      nextPage: 3,
      rows: 80,
      total: 201,
    });
    while ((await world.network()).comparison?.begunAt !== null) await world.compare(136 * SECOND);
    expect(world.calls.flatMap((call) => (call.op === 'page' ? [call.number] : []))).toEqual([
      1, 2, 3, 4, 5, 6,
    ]);
    expect((await world.network()).drift).toMatchObject({
      missing: { count: 1, names: [name(0)] },
      unknown: { count: 1, names: ['stray.example'] },
      unwanted: { count: 0 },
    });
  });

  test('starts again when what was read has become old, or belongs to another application', async () => {
    const world = await slow();
    await world.compare(136 * SECOND);
    await world.time.advance(7 * HOUR);
    await world.compare(136 * SECOND);
    expect(world.calls.flatMap((call) => (call.op === 'page' ? [call.number] : []))).toEqual([1, 2, 1, 2]);

    const other = await slow();
    await other.compare(136 * SECOND);
    await other.put(comparisonKey(NETWORK), { ...(await other.get(comparisonKey(NETWORK))), appId: '99' });
    await other.compare(136 * SECOND);
    expect(other.calls.flatMap((call) => (call.op === 'page' ? [call.number] : []))).toEqual([1, 2, 1, 2]);
  });

  test('keeps what has been read when RunCloud falls silent in between', async () => {
    let pages = 0;
    const world = await comparing({
      items,
      rows,
      onCall: async ({ op }) => {
        if (op === 'page' && ++pages === 3)
          throw new RuncloudTimeout('no answer', { method: 'GET', path: '/' });
      },
    });
    await world.compare();
    expect((await world.network()).comparison).toEqual({ dueAt: world.time.now() + HOUR, begunAt: NOW });
    expect(await world.get(comparisonKey(NETWORK))).toMatchObject({ nextPage: 3 });
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
