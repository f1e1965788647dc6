import { describe, expect, test } from '@jest/globals';
import type { DomainItem } from '../../../../lib/sync/ledger/items/domain-item.ts';
import type { NetworkItem } from '../../../../lib/sync/ledger/items/network-item.ts';
import { certificateKey } from '../../../../lib/sync/ledger/keys.ts';
import type { DelayedMessage } from '../../../../lib/sync/ledger/ports.ts';
import { runNetworkWork } from '../../../../lib/sync/network-work/run.ts';
import {
  APP,
  certificateItem,
  DOMAIN,
  delays,
  domainItem,
  MINUTE,
  NETWORK,
  NOW,
  networkItem,
  OTHER_APP,
  SECOND,
  settledItem,
} from '../../../support/sync/items.ts';
import { reconcileWorld } from '../../../support/sync/reconcile-world.ts';

const claim = { ...APP, renewedAt: NOW, readAt: NOW };
function due(part: Partial<NetworkItem>): NetworkItem {
  return networkItem({ revision: 1, dueAt: NOW, sendAt: NOW, claim, ...part });
}
const resumed = due({ requeue: { reason: 'resumed', cursor: null } });
const moved = due({ requeue: { reason: 'moved', cursor: null } });
const jitteredAt = NOW + 0.5 * delays.apiMarginMs;

function name(n: number) {
  return `shop-${String(n).padStart(3, '0')}.example`;
}
function paused(part: Partial<DomainItem> = {}) {
  return domainItem({ state: 'paused', reason: 'runcloud-unauthorized', dueAt: NOW + 20 * MINUTE, ...part });
}

async function requeueWorld(network: NetworkItem | undefined, ...items: DomainItem[]) {
  const world = reconcileWorld();
  if (network !== undefined) await world.putNetwork(network);
  for (const item of items) await world.putDomain(item);
  const requeue = (withinMs = 5 * MINUTE) =>
    runNetworkWork(NETWORK, world.time.now() + withinMs, world.services);
  return { ...world, requeue };
}

describe('after a pause', () => {
  test('every domain that waited is due, spread over a while', async () => {
    const world = await requeueWorld(resumed, paused());
    await world.requeue();
    expect(await world.domain()).toMatchObject({ dueAt: jitteredAt, sendAt: jitteredAt, revision: 2 });
  });

  test('no other domain is', async () => {
    const others = [
      settledItem({ domain: 'settled.example' }),
      domainItem({ domain: 'waiting.example', dueAt: NOW + MINUTE }),
      domainItem({ domain: 'failed.example', state: 'failed', dueAt: null, sendAt: null }),
      paused({ domain: 'other.example', network: 'other' }),
    ];
    const world = await requeueWorld(resumed, ...others);
    await world.requeue();
    expect(world.ledger.all('domain')).toEqual(expect.arrayContaining(others));
  });

  test('what another application served stays what it is, with its request: the network has not moved', async () => {
    const old = settledItem({ runcloudId: { id: 5, ...OTHER_APP } });
    const request = certificateItem({ state: 'valid', revision: 3 });
    const world = await requeueWorld(resumed, old);
    world.ledger.put(certificateKey(NETWORK, DOMAIN), request);
    await world.requeue();
    expect(await world.domain()).toEqual(old);
    expect(world.ledger.all('certificate')).toEqual([request]);
  });

  test('counts and failures of a domain stay what they were', async () => {
    const world = await requeueWorld(resumed, paused({ attempts: 4, waitedMs: 9 }));
    await world.requeue();
    expect(await world.domain()).toMatchObject({ attempts: 4, waitedMs: 9 });
  });
});

describe('after a move to another application', () => {
  const old = { id: 5, ...OTHER_APP };

  test('what the old one serves is open work at the new one', async () => {
    const world = await requeueWorld(moved, settledItem({ runcloudId: old, wwwServed: true }));
    await world.requeue();
    const item = await world.domain();
    expect(item).toMatchObject({
      state: 'pending',
      runcloudId: null,
      wwwServed: null,
      answered: false,
      dueAt: jitteredAt,
      revision: 2,
    });
    expect(item.history.at(-1)).toMatchObject({ what: 'moved', detail: 'server 42, web application 7' });
  });

  test('takes what was seen of its certificate with it', async () => {
    const world = await requeueWorld(moved, settledItem({ runcloudId: { id: 5, ...OTHER_APP } }));
    const seen = { state: 'valid', notAfter: '2027-01-01T00:00:00.000Z', orderedAt: NOW } as const;
    world.ledger.put(certificateKey(NETWORK, DOMAIN), certificateItem({ ...seen, revision: 3 }));
    await world.requeue();
    expect(world.ledger.all('certificate')).toMatchObject([
      {
        state: 'pending',
        notAfter: null,
        orderedAt: null,
        revision: 4,
        dueAt: jitteredAt,
        sendAt: jitteredAt,
      },
    ]);
  });

  test('what the new one serves already is left alone, and so is its request', async () => {
    const world = await requeueWorld(moved, settledItem());
    const request = certificateItem({ state: 'valid', revision: 3 });
    world.ledger.put(certificateKey(NETWORK, DOMAIN), request);
    await world.requeue();
    expect(await world.domain()).toEqual(settledItem());
    expect(world.ledger.all('certificate')).toEqual([request]);
  });

  test('what has never been present had nothing to move from', async () => {
    const open = domainItem({ dueAt: NOW + MINUTE });
    const world = await requeueWorld(moved, open);
    await world.requeue();
    expect(await world.domain()).toEqual(open);
  });

  test.each(['covered-by-wildcard', 'served-by-apex'])(
    'a domain without a row of its own (%s) is requeued: the new application may not serve it',
    async (reason) => {
      const world = await requeueWorld(moved, settledItem({ runcloudId: null, reason }));
      await world.requeue();
      expect(await world.domain()).toMatchObject({ state: 'pending', reason: null, dueAt: jitteredAt });
    },
  );

  test.each(['primary-domain', 'protected-domain'])(
    'a removal that was not followed at the old one (%s) is due at the new one, which may not serve the name',
    async (reason) => {
      const kept = settledItem({ wanted: 'absent', state: 'present', reason, runcloudId: old });
      const world = await requeueWorld(moved, kept);
      await world.requeue();
      expect(await world.domain()).toMatchObject({
        wanted: 'absent',
        state: 'removing',
        reason: null,
        runcloudId: null,
        dueAt: jitteredAt,
      });
      await world.time.advance(MINUTE);
      await world.pass();
      expect(await world.domain()).toMatchObject({ wanted: 'absent', state: 'absent', dueAt: null });
    },
  );

  test('what failed, or is wanted absent, is left alone: nothing is deleted at the old one', async () => {
    const items = [
      settledItem({ domain: 'failed.example', state: 'failed', runcloudId: old }),
      settledItem({ domain: 'gone.example', wanted: 'absent', state: 'absent', runcloudId: old }),
    ];
    const world = await requeueWorld(moved, ...items);
    await world.requeue();
    expect(world.ledger.all('domain')).toEqual(items);
  });

  test('what may be taken back would return to the old one, so it has nothing to return to', async () => {
    const before = {
      reason: null,
      since: '2026-11-21T04:00:00.000Z',
      www: false,
      native: false,
      parking: null,
    };
    const until = NOW + 10 * MINUTE;
    const removing = settledItem({
      runcloudId: old,
      wanted: 'absent',
      state: 'removing',
      dueAt: until,
      grace: { until, before },
    });
    const world = await requeueWorld(moved, removing);
    await world.requeue();
    expect(await world.domain()).toEqual({ ...removing, grace: { until, before: null } });
  });

  test('what waited for the end of a pause is due too', async () => {
    const world = await requeueWorld(moved, paused());
    await world.requeue();
    expect((await world.domain()).dueAt).toBe(jitteredAt);
  });
});

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

describe('a message about a network', () => {
  test('with nothing to requeue clears a stray message', async () => {
    const world = await requeueWorld(due({ requeue: null }));
    await world.requeue();
    expect(await world.network()).toMatchObject({ dueAt: null, sendAt: null });
  });

  describe('whose certificates a killed worker has left', () => {
    const left = { owner: 'killed', leaseUntil: NOW, orders: [], ordered: ['a.example'], suspects: [] };

    test('sends one message to the certificates’ worker, and frees the lease', async () => {
      const world = await requeueWorld(due({ requeue: null, certificates: left }));
      await world.requeue();
      expect(world.certificateQueue.sent).toEqual([{ message: { network: NETWORK }, delaySeconds: 0 }]);
      const certificates = { ...left, owner: null, leaseUntil: null };
      expect(await world.network()).toMatchObject({ certificates, dueAt: null, sendAt: null });
    });

    test('keeps the lease on its schedule where the queue refuses the message', async () => {
      const item = due({ requeue: null, certificates: left });
      const world = await requeueWorld(item);
      const certificateQueue = { send: async (messages: readonly DelayedMessage[]) => [...messages] };
      await runNetworkWork(NETWORK, NOW + 5 * MINUTE, { ...world.services, certificateQueue });
      expect(await world.network()).toEqual(item);
    });

    test('does nothing while that lease lives', async () => {
      const certificates = { ...left, leaseUntil: NOW + 1 };
      const world = await requeueWorld(due({ requeue: null, certificates }));
      await world.requeue();
      expect(world.certificateQueue.sent).toEqual([]);
      const sendAt = NOW + 1 + 5 * SECOND;
      expect(await world.network()).toMatchObject({ certificates, dueAt: sendAt, sendAt });
    });
  });

  test('without an item does nothing', async () => {
    const world = await requeueWorld(undefined);
    await world.requeue();
    expect(world.ledger.all('network')).toEqual([]);
  });
});
