import { describe, expect, test } from '@jest/globals';
import { certificateDelays } from '../../../lib/certificates/delays.ts';
import { Unavailable } from '../../../lib/errors.ts';
import { RuncloudRefused } from '../../../lib/runcloud/errors.ts';
import { inBatchesWithinReach } from '../../../lib/sync/ledger/in-batches.ts';
import { certificateKey, domainKey, networkKey } from '../../../lib/sync/ledger/keys.ts';
import type { Ledger } from '../../../lib/sync/ledger/ports.ts';
import { runNetworkWork } from '../../../lib/sync/network-work/run.ts';
import { sweep } from '../../../lib/sync/sweep/sweep.ts';
import { memoryLedger } from '../../doubles/ledger.ts';
import { manualClock } from '../../doubles/manual-clock.ts';
import { memoryQueue } from '../../doubles/queue.ts';
import { noMail } from '../../support/aws/no-mail.ts';
import { certificateWorld, elsewhere } from '../../support/certificates/certificate-world.ts';
import {
  APP,
  certificateItem,
  DAY,
  delays,
  domainItem,
  MINUTE,
  NETWORK,
  NOW,
  networkItem,
  SECOND,
} from '../../support/sync/items.ts';
import { reconcileWorld } from '../../support/sync/reconcile-world.ts';

const HOT = 'hot.example';
const OTHER = 'other.example';

/** DynamoDB throttles one key. */
function throttle(ledger: Pick<Ledger, 'read'>, item: string): { readonly end: () => void } {
  const { read } = ledger;
  ledger.read = (key) => (key.item === item ? Promise.reject(new Unavailable('ledger')) : read(key));
  return {
    end: () => {
      ledger.read = read;
    },
  };
}

test('a throttled item keeps no other from its message, and the sweep fails only at its end', async () => {
  const clock = manualClock(NOW);
  const ledger = memoryLedger();
  const queue = memoryQueue({ clock });
  const certificateQueue = memoryQueue({ clock });
  // The sweep finds due certificates by their network.
  ledger.put(networkKey(NETWORK), networkItem());
  ledger.put(domainKey(NETWORK, HOT), domainItem({ domain: HOT }));
  ledger.put(domainKey('a-later-network', OTHER), domainItem({ network: 'a-later-network', domain: OTHER }));
  ledger.put(certificateKey(NETWORK, OTHER), certificateItem({ domain: OTHER, dueAt: NOW, sendAt: NOW }));
  throttle(ledger, `domain#${HOT}`);
  const sweeping = sweep(NOW + 50 * SECOND, {
    ledger,
    queue,
    certificateQueue,
    outcomeQueue: certificateQueue,
    ...noMail,
    clock,
    delays,
    certificateDelays: certificateDelays(MINUTE),
    newOwner: () => 'sweep',
    report: () => undefined,
  });
  await expect(sweeping).rejects.toMatchObject({ what: 'ledger' });
  expect(certificateQueue.sent).toHaveLength(1);
  expect(ledger.all('certificate')[0]?.sendAt).toBeGreaterThan(NOW);
});

describe('a requeue that meets a throttled domain', () => {
  const paused = (domain: string) => domainItem({ domain, state: 'paused', dueAt: NOW + 20 * MINUTE });
  const requeue = { reason: 'resumed' as const, cursor: null };

  async function requeueWorld(...domains: readonly string[]) {
    const world = reconcileWorld();
    const claim = { ...APP, renewedAt: NOW, readAt: NOW };
    await world.putNetwork(networkItem({ revision: 1, dueAt: NOW, sendAt: NOW, claim, requeue }));
    for (const domain of domains) await world.putDomain(paused(domain));
    const run = () => runNetworkWork(NETWORK, world.time.now() + 5 * MINUTE, world.services);
    const network = async () => (await world.ledger.read(networkKey(NETWORK)))?.item;
    return { ...world, run, network };
  }

  test('makes every other of its page due, and comes back', async () => {
    const { run, network, ...world } = await requeueWorld(HOT, OTHER);
    throttle(world.ledger, `domain#${HOT}`);
    await expect(run()).rejects.toMatchObject({ what: 'ledger' });
    expect(await world.domain(OTHER)).toMatchObject({ dueAt: NOW + 0.5 * delays.apiMarginMs });
    expect(await network()).toMatchObject({
      requeue: { reason: 'resumed', cursor: OTHER },
      requeueSkipped: [HOT],
      owner: null,
      sendAt: NOW + delays.releasedMs,
    });
  });

  test('makes none of the others due a second time', async () => {
    const { run, ...world } = await requeueWorld(HOT, OTHER);
    throttle(world.ledger, `domain#${HOT}`);
    await expect(run()).rejects.toMatchObject({ what: 'ledger' });
    const again = paused(OTHER);
    await world.putDomain(again);
    await expect(run()).rejects.toMatchObject({ what: 'ledger' });
    expect(await world.domain(OTHER)).toEqual(again);
  });

  test('ends once that domain is due too', async () => {
    const { run, network, ...world } = await requeueWorld(HOT, OTHER);
    const throttled = throttle(world.ledger, `domain#${HOT}`);
    await expect(run()).rejects.toMatchObject({ what: 'ledger' });
    throttled.end();
    await run();
    expect(await world.domain(HOT)).toMatchObject({ dueAt: NOW + 0.5 * delays.apiMarginMs });
    expect(await network()).toMatchObject({ requeue: null, requeueSkipped: [], dueAt: null, sendAt: null });
  });

  test('leaves one that is forgotten meanwhile, or cannot be read', async () => {
    const { run, network, ...world } = await requeueWorld(OTHER);
    const item = await network();
    if (item === undefined) throw new Error('no network');
    await world.putDomain(paused(HOT));
    await world.ledger.spoil(domainKey(NETWORK, HOT));
    await world.putNetwork({ ...item, requeueSkipped: [HOT, 'forgotten.example'] });
    await run();
    expect(await network()).toMatchObject({ requeue: null, requeueSkipped: [] });
  });

  test('stops where too many are out of reach: the ledger itself is', async () => {
    const domains = Array.from({ length: 60 }, (_, n) => `shop-${n}.example`);
    const { run, network, ...world } = await requeueWorld(...domains);
    const { read } = world.ledger;
    world.ledger.read = (key) =>
      key.kind === 'domain' ? Promise.reject(new Unavailable('ledger')) : read(key);
    await expect(run()).rejects.toMatchObject({ what: 'ledger' });
    expect(await network()).toMatchObject({ requeue: { cursor: 'shop-53.example' }, owner: null });
  });
});

test.each([certificateKey(NETWORK, HOT), domainKey(NETWORK, HOT)])(
  'a throttled item keeps no other certificate from its order: $item',
  async ({ item }) => {
    const world = certificateWorld({ mode: 'advanced' });
    await world.arrive(HOT);
    await world.arrive(OTHER);
    throttle(world.ledger, item);
    await world.time.advance(20 * SECOND);
    await world.pass();
    expect(world.orders).toMatchObject([{ names: [OTHER] }]);
    expect(await world.request(OTHER)).toMatchObject({ state: 'requested', owner: null });
  },
);

describe.each([11, 21])('of %i due certificates, the last of which is throttled', (count) => {
  const names = [...Array.from({ length: count - 1 }, (_, n) => `shop.${n}.example`), HOT];

  async function dueWorld() {
    const world = certificateWorld({ mode: 'advanced' });
    for (const name of names) {
      await world.arrive(name);
      await world.time.advance(100);
    }
    await world.time.advance(20 * SECOND);
    return world;
  }

  test.each([certificateKey(NETWORK, HOT), domainKey(NETWORK, HOT)])(
    'every other is ordered: $item',
    async ({ item }) => {
      const world = await dueWorld();
      throttle(world.ledger, item);
      await world.pass();
      expect(world.orders).toHaveLength(count - 1);
      expect(world.reportDeferred).toEqual([]);
    },
  );

  test('every other is ordered where it is throttled for writes only', async () => {
    const world = await dueWorld();
    const { write } = world.ledger;
    const hot = certificateKey(NETWORK, HOT).item;
    world.ledger.write = (key, item, writes) =>
      key.item === hot ? Promise.reject(new Unavailable('ledger')) : write(key, item, writes);
    await world.pass();
    expect(world.orders).toHaveLength(count - 1);
  });
});

test('a certificate whose domain is throttled is given back, and counts no crash', async () => {
  const world = certificateWorld({ mode: 'advanced' });
  await world.arrive(HOT);
  await world.arrive(OTHER);
  throttle(world.ledger, `domain#${HOT}`);
  await world.time.advance(20 * SECOND);
  await world.pass();
  expect(await world.request(HOT)).toMatchObject({ state: 'pending', owner: null, crashes: 0 });
});

describe.each([certificateKey(NETWORK, HOT), domainKey(NETWORK, HOT)])('throttled, $item', ({ item }) => {
  /** Both names are served by one application, and the certificate of HOT is checked much later. */
  async function sharedWorld(options: Parameters<typeof certificateWorld>[0]) {
    const world = certificateWorld(options);
    await world.arrive(HOT);
    const dueAt = NOW + DAY;
    world.ledger.put(certificateKey(NETWORK, HOT), { ...(await world.request(HOT)), dueAt, sendAt: dueAt });
    await world.arrive(OTHER);
    throttle(world.ledger, item);
    return world;
  }

  test('keeps no other name from learning that the order for both has come to nothing', async () => {
    const world = await sharedWorld({ landsAfterMs: null });
    await world.live(40 * MINUTE);
    expect(world.orders).toMatchObject([{ names: [HOT, OTHER] }, {}]);
    expect(await world.request(OTHER)).toMatchObject({
      orders: [],
      lastError: { code: 'runcloud-unavailable' },
    });
  });

  test('keeps no other name from learning that the order for both was refused', async () => {
    const refuse = async ({ op }: { readonly op: string }): Promise<void> => {
      const at = { method: 'POST', path: '/ssl', status: 422 };
      if (op === 'install') throw new RuncloudRefused('RunCloud refused', at);
    };
    const world = await sharedWorld({ onCall: refuse });
    await world.live(MINUTE);
    expect(await world.request(OTHER)).toMatchObject({ lastError: { code: 'runcloud-refused' } });
  });

  test('keeps no other name from learning that it holds the order for both', async () => {
    const world = await sharedWorld({});
    world.dns.set(HOT, elsewhere(HOT));
    await world.live(30 * MINUTE);
    expect(await world.request(OTHER)).toMatchObject({ reason: 'held-by-name' });
  });
});

test('a last item that is out of reach says nothing of the ledger', async () => {
  const work = (n: number) => (n === 3 ? Promise.reject(new Unavailable('ledger')) : Promise.resolve(n));
  expect(await inBatchesWithinReach([1, 2, 3], 2, work)).toEqual([1, 2, undefined]);
  await expect(inBatchesWithinReach([3], 2, work)).rejects.toMatchObject({ what: 'ledger' });
});

test('a lone item that is out of reach says nothing of the ledger where an earlier call has reached others', async () => {
  const reach = { hasAny: false };
  const work = (n: number) => (n > 2 ? Promise.reject(new Unavailable('ledger')) : Promise.resolve(n));
  await expect(inBatchesWithinReach([3], 2, work, reach)).rejects.toMatchObject({ what: 'ledger' });
  expect(await inBatchesWithinReach([1, 2], 2, work, reach)).toEqual([1, 2]);
  expect(await inBatchesWithinReach([3], 2, work, reach)).toEqual([undefined]);
  await expect(inBatchesWithinReach([3, 4], 2, work, reach)).rejects.toMatchObject({ what: 'ledger' });
});

test('where nothing is within reach the ledger itself is away', async () => {
  const away = () => Promise.reject(new Unavailable('ledger'));
  await expect(inBatchesWithinReach([1, 2], 10, away)).rejects.toMatchObject({ what: 'ledger' });
});

test('a bug is no item out of reach', async () => {
  const bug = (n: number) => (n === 1 ? Promise.reject(new TypeError('is no function')) : Promise.resolve(n));
  await expect(inBatchesWithinReach([1, 2], 10, bug)).rejects.toThrow('is no function');
});
