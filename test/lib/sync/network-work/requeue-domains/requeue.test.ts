import { describe, expect, test } from '@jest/globals';
import type { NetworkItem } from '../../../../../lib/sync/ledger/items/network-item.ts';
import { domainKey } from '../../../../../lib/sync/ledger/keys.ts';
import { runNetworkWork } from '../../../../../lib/sync/network-work/run.ts';
import { delays, MINUTE, NETWORK, NOW, SECOND } from '../../../../support/sync/items.ts';
import { paused, requeueWorld, resumed } from './due-network.ts';

function name(n: number) {
  return `shop-${String(n).padStart(3, '0')}.example`;
}

describe('a requeue', () => {
  const many = Array.from({ length: 120 }, (_, n) => paused({ domain: name(n) }));

  test('goes over all pages, and ends', async () => {
    const world = await requeueWorld(resumed, ...many);
    await world.requeue();
    expect(world.ledger.all('domain').every(({ revision }) => revision === 2)).toBe(true);
    expect(await world.network()).toMatchObject({
      requeue: null,
      dueAt: null,
      sendAt: null,
      owner: null,
      leaseUntil: null,
    });
  });

  test('that runs out of time keeps its cursor, and the next message continues from there', async () => {
    const world = await requeueWorld(resumed, ...many);
    let pages = 0;
    const { ledger } = world;
    const slow: typeof ledger = {
      ...ledger,
      page: async (...asked) => {
        pages++;
        await world.time.advance(30 * SECOND);
        return ledger.page(...asked);
      },
    };
    const services = { ...world.services, ledger: slow };
    await runNetworkWork(NETWORK, world.time.now() + 35 * SECOND, services);
    expect(pages).toBe(1);
    expect(await world.network()).toMatchObject({
      requeue: { reason: 'resumed', cursor: name(49) },
      owner: null,
      sendAt: NOW + 30 * SECOND,
    });
    await runNetworkWork(NETWORK, world.time.now() + 5 * MINUTE, services);
    expect(pages).toBe(3);
    expect((await world.network()).requeue).toBeNull();
    expect(world.ledger.all('domain').every(({ revision }) => revision === 2)).toBe(true);
  });

  test('goes on behind a page of which no item can be read', async () => {
    const last = paused({ domain: 'z.example' });
    const world = await requeueWorld(resumed, ...many.slice(0, 51), last);
    const { ledger } = world;
    for (const { network, domain } of many.slice(0, 51)) await ledger.spoil(domainKey(network, domain));
    const slow: typeof ledger = {
      ...ledger,
      page: async (...asked) => {
        await world.time.advance(30 * SECOND);
        return ledger.page(...asked);
      },
    };
    await runNetworkWork(NETWORK, NOW + 5 * MINUTE, { ...world.services, ledger: slow });
    expect((await world.network()).requeue).toBeNull();
    expect((await ledger.read(domainKey(NETWORK, last.domain)))?.item.revision).toBe(2);
  });

  test('that was restarted meanwhile does not end the new one', async () => {
    const world = await requeueWorld(resumed, ...many.slice(0, 3));
    const { ledger } = world;
    const meanwhile: typeof ledger = {
      ...ledger,
      page: async (...asked) => {
        const item = await world.network();
        await world.putNetwork({
          ...item,
          revision: item.revision + 1,
          requeue: { reason: 'moved', cursor: null },
        });
        return ledger.page(...asked);
      },
    };
    await runNetworkWork(NETWORK, NOW + 5 * MINUTE, { ...world.services, ledger: meanwhile });
    expect(await world.network()).toMatchObject({
      requeue: { reason: 'moved', cursor: null },
      owner: null,
      sendAt: NOW,
    });
  });

  test.each<[string, Partial<NetworkItem>]>([
    ['was restarted', { revision: 2, requeue: { reason: 'moved', cursor: null } }],
    ['is another worker’s now', { owner: 'other', leaseUntil: NOW + MINUTE }],
    ['is over', { requeue: null }],
  ])('that %s behind a page stops there, and notes nothing', async (_title, part) => {
    const world = await requeueWorld(resumed, ...many);
    const { ledger } = world;
    let pages = 0;
    const overtaken: typeof ledger = {
      ...ledger,
      page: async (...asked) => {
        pages += 1;
        await world.putNetwork({ ...(await world.network()), ...part });
        return ledger.page(...asked);
      },
    };
    await runNetworkWork(NETWORK, NOW + 5 * MINUTE, { ...world.services, ledger: overtaken });
    expect(pages).toBe(1);
    expect(await world.network()).toMatchObject({ requeue: resumed.requeue, ...part });
  });

  test('is one worker’s at a time', async () => {
    const world = await requeueWorld({ ...resumed, owner: 'other', leaseUntil: NOW + 1 }, paused());
    await world.requeue();
    expect(await world.domain()).toEqual(paused());
    expect(await world.network()).toMatchObject({ owner: 'other' });
  });

  test('is taken over from a worker that never came back', async () => {
    const world = await requeueWorld({ ...resumed, owner: 'other', leaseUntil: NOW }, paused());
    await world.requeue();
    expect((await world.network()).requeue).toBeNull();
  });

  test('while it lasts gets another message only after its lease', async () => {
    const world = await requeueWorld(resumed, paused());
    const seen: (number | null)[] = [];
    const { ledger } = world;
    const watching: typeof ledger = {
      ...ledger,
      page: async (...asked) => {
        seen.push((await world.network()).sendAt);
        return ledger.page(...asked);
      },
    };
    await runNetworkWork(NETWORK, NOW + 5 * MINUTE, { ...world.services, ledger: watching });
    expect(seen).toEqual([NOW + 330 * SECOND + MINUTE]);
  });

  test('that throws releases its lease, keeps its cursor and is delivered again', async () => {
    const world = await requeueWorld(resumed, paused());
    const { ledger } = world;
    const broken: typeof ledger = { ...ledger, page: () => Promise.reject(new TypeError('a bug')) };
    const requeue = runNetworkWork(NETWORK, NOW + 5 * MINUTE, { ...world.services, ledger: broken });
    await expect(requeue).rejects.toThrow('a bug');
    expect(await world.network()).toMatchObject({
      requeue: { reason: 'resumed', cursor: null },
      owner: null,
      leaseUntil: null,
      sendAt: NOW + delays.releasedMs,
    });
  });
});
