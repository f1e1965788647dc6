import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { Unavailable } from '../../../lib/errors.ts';
import type { OwedOutcome } from '../../../lib/sync/ledger/items/work-item.ts';
import {
  appOrdersKey,
  certificateKey,
  certificateWorkKey,
  domainKey,
  domainOrdersKey,
  networkKey,
  noticesKey,
} from '../../../lib/sync/ledger/keys.ts';
import type { Ledger } from '../../../lib/sync/ledger/ports.ts';
import { createBy } from '../../doubles/create-by.ts';
import { certificateWorld, elsewhere } from '../../support/certificates/certificate-world.ts';
import { HOUR, MINUTE, NETWORK, NOW, SECOND } from '../../support/sync/items.ts';

const GOOD = 'shop.good.example';
const BAD = 'shop.bad.example';
const owed: OwedOutcome = {
  kind: 'outcome',
  id: 'msg_1',
  about: 'certificate',
  type: 'domain.settled',
  state: 'valid',
  reason: null,
  message: null,
  fix: null,
  inReplyTo: null,
  at: NOW,
  toMultisite: true,
};
const BAD_ORDERS = domainOrdersKey(NETWORK, 'bad.example').item;

/** DynamoDB throttles that item from the moment on at which `isThrottled` says so. */
function throttling(ledger: Ledger, item: string, isThrottled: () => boolean = () => true): Ledger {
  const asked = async (key: { readonly item: string }): Promise<void> => {
    if (key.item === item && isThrottled()) throw new Unavailable('ledger');
  };
  const oneItem: Pick<Ledger, 'read' | 'write'> = {
    read: async (key) => {
      await asked(key);
      return ledger.read(key);
    },
    write: async (key, value, writes) => {
      await asked(key);
      return ledger.write(key, value, writes);
    },
  };
  return { ...ledger, ...oneItem, create: createBy(oneItem) };
}

describe('the counted orders of a registered domain, throttled', () => {
  test('hold back the orders under it, count no crash, and hold back no other', async () => {
    const world = certificateWorld({ mode: 'advanced' });
    await world.arrive(BAD);
    await world.arrive(GOOD);
    await world.time.advance(20 * SECOND);
    await world.pass({}, { others: { ledger: throttling(world.ledger, BAD_ORDERS) } });
    expect(world.orders).toMatchObject([{ names: [GOOD] }]);
    expect(await world.request(GOOD)).toMatchObject({ state: 'requested', owner: null });
    const left = await world.request(BAD);
    expect(left).toMatchObject({ state: 'pending', owner: null, crashes: 0, orders: [], toSend: [] });
    expect(world.reportDeferred).toEqual([]);
    await world.live((left.sendAt ?? 0) - world.clock.now());
    expect(world.orders).toMatchObject([{ names: [GOOD] }, { names: [BAD] }]);
  });

  test('stay what they are for an order beside one that could not be counted', async () => {
    const world = certificateWorld({ mode: 'advanced' });
    await world.arrive(BAD);
    await world.arrive(GOOD);
    await world.time.advance(20 * SECOND);
    let refused = 0;
    const ledger: Ledger = {
      ...world.ledger,
      write: async (key, item, writes) => {
        if (key.item === appOrdersKey(NETWORK).item && refused++ === 0) {
          while (world.ledger.peek(appOrdersKey(NETWORK)) === undefined) await turn();
          throw new Unavailable('ledger');
        }
        return world.ledger.write(key, item, writes);
      },
    };
    await world.pass({}, { others: { ledger } });
    expect(world.orders).toHaveLength(1);
    expect(world.ledger.peek(appOrdersKey(NETWORK))?.times).toHaveLength(1);
  });

  test('put the pass off where all orders need them', async () => {
    const world = certificateWorld({ mode: 'advanced' });
    await world.arrive(BAD);
    await world.time.advance(20 * SECOND);
    await world.pass({}, { others: { ledger: throttling(world.ledger, BAD_ORDERS) } });
    expect(world.orders).toEqual([]);
    expect(await world.request(BAD)).toMatchObject({ owner: null, crashes: 0 });
    expect(world.reportDeferred).toMatchObject([{ network: NETWORK, what: 'ledger' }]);
  });
});

test('a network whose item is throttled once the lease on its certificates is taken frees it at once', async () => {
  const world = certificateWorld();
  await world.arrive(GOOD);
  await world.time.advance(20 * SECOND);
  await world.pass({}, { others: { ledger: throttling(world.ledger, networkKey(NETWORK).item) } });
  expect(world.reportDeferred).toMatchObject([{ network: NETWORK, what: 'ledger' }]);
  expect(await world.work()).toMatchObject({ owner: null, leaseUntil: null });
  await world.pass();
  expect(world.orders).toMatchObject([{ names: [GOOD] }]);
});

describe('an order of the whole application that is counted and not made', () => {
  const countsOf = ({ ledger }: ReturnType<typeof certificateWorld>) => [
    ...ledger.all('domainOrders').flatMap(({ orders }) => orders),
    ...ledger.all('appOrders').flatMap(({ times }) => times),
  ];

  test('spends no limit where the network is throttled once it is on record', async () => {
    const world = certificateWorld();
    await world.arrive(GOOD);
    await world.time.advance(20 * SECOND);
    const isOnRecord = () => (world.ledger.peek(certificateWorkKey(NETWORK))?.orders.length ?? 0) > 0;
    const ledger = throttling(world.ledger, networkKey(NETWORK).item, isOnRecord);
    await world.pass({}, { others: { ledger } });
    expect(world.orders).toEqual([]);
    expect(world.reportDeferred).toMatchObject([{ network: NETWORK, what: 'ledger' }]);
    expect(countsOf(world)).toEqual([]);
  });

  test('spends no limit of another registered domain where one of them is throttled for writes', async () => {
    const world = certificateWorld();
    await world.arrive(BAD);
    await world.arrive(GOOD);
    await world.time.advance(20 * SECOND);
    const ledger: Ledger = {
      ...world.ledger,
      write: async (key, item, writes) => {
        if (key.item === BAD_ORDERS) throw new Unavailable('ledger');
        return world.ledger.write(key, item, writes);
      },
    };
    await world.pass({}, { others: { ledger } });
    expect(world.orders).toEqual([]);
    expect(countsOf(world)).toEqual([]);
  });
});

test.each(['basic', 'advanced'] as const)(
  'in %s mode a request whose item is throttled once its order is made keeps no other from its result',
  async (mode) => {
    const world = certificateWorld({ mode });
    await world.arrive(BAD);
    await world.arrive(GOOD);
    await world.time.advance(20 * SECOND);
    const ledger = throttling(
      world.ledger,
      certificateKey(NETWORK, BAD).item,
      () => world.orders.length === (mode === 'basic' ? 1 : 2),
    );
    await world.pass({}, { others: { ledger } });
    expect(await world.request(GOOD)).toMatchObject({ state: 'requested', owner: null });
  },
);

test.each(['basic', 'advanced'] as const)(
  'in %s mode an order that is put on record without an answer is not made, and nothing waits for it',
  async (mode) => {
    const world = certificateWorld({ mode });
    await world.arrive(GOOD);
    await world.time.advance(20 * SECOND);
    let lost = 0;
    const ledger: Ledger = {
      ...world.ledger,
      write: async (key, item, writes) => {
        const written = await world.ledger.write(key, item, writes);
        const isRecord = key.kind === (mode === 'basic' ? 'certificateWork' : 'certificate');
        if (!isRecord || lost > 0 || !item || !('orders' in item) || item.orders.length === 0) return written;
        lost += 1;
        throw new Unavailable('ledger');
      },
    };
    await world.pass({}, { others: { ledger } });
    expect(lost).toBe(1);
    expect(world.orders).toEqual([]);
    await world.live(7 * MINUTE);
    expect(world.orders).toMatchObject([{ names: [GOOD] }]);
    expect(await world.request(GOOD)).toMatchObject({ state: 'valid', lastError: null });
  },
);

test('a request whose domain is throttled is released, also where what another one owes cannot be told', async () => {
  const world = certificateWorld();
  await world.arrive(BAD);
  await world.arrive(GOOD);
  await world.putRequest({ dueAt: null, sendAt: world.clock.now(), toSend: [owed] }, GOOD);
  await world.time.advance(20 * SECOND);
  const withoutDomain = throttling(world.ledger, domainKey(NETWORK, BAD).item);
  const ledger = throttling(withoutDomain, noticesKey(NETWORK).item);
  await world.arrive('shop.third.example');
  await world.putRequest({ dueAt: world.clock.now(), sendAt: world.clock.now() }, 'shop.third.example');
  await world.pass({}, { others: { ledger } });
  expect(world.reportDeferred).toMatchObject([{ network: NETWORK, what: 'ledger' }]);
  expect(await world.request(BAD)).toMatchObject({ owner: null, crashes: 0 });
});

test('an order whose call could not take its slot is not made, and nothing waits for it', async () => {
  const world = certificateWorld({ mode: 'advanced' });
  await world.arrive(BAD);
  await world.arrive(GOOD);
  await world.time.advance(20 * SECOND);
  let refused = 0;
  const isOrdering = () => world.ledger.all('certificate').some(({ orders }) => orders.length > 0);
  const ledger: Ledger = {
    ...world.ledger,
    write: async (key, item, writes) => {
      if (key.kind !== 'rateLimit' || refused > 0 || !isOrdering())
        return world.ledger.write(key, item, writes);
      refused += 1;
      throw new Unavailable('ledger');
    },
  };
  await world.pass({}, { others: { ledger } });
  expect(refused).toBe(1);
  expect(world.orders).toHaveLength(1);
  await world.live(8 * MINUTE);
  expect(world.orders).toHaveLength(2);
  for (const name of [BAD, GOOD])
    expect(await world.request(name)).toMatchObject({ state: 'valid', lastError: null });
});

test('a request that is throttled as it is taken is due for the next sweep, not for one an hour later', async () => {
  const world = certificateWorld();
  await world.arrive(BAD);
  await world.arrive(GOOD);
  await world.time.advance(20 * SECOND);
  await world.putRequest({ sendAt: world.clock.now() + HOUR }, BAD);
  let refused = 0;
  const ledger: Ledger = {
    ...world.ledger,
    write: async (key, item, writes) => {
      if (key.item !== certificateKey(NETWORK, BAD).item || refused > 0)
        return world.ledger.write(key, item, writes);
      refused += 1;
      throw new Unavailable('ledger');
    },
  };
  await world.pass({}, { others: { ledger } });
  expect(refused).toBe(1);
  expect(await world.request(GOOD)).toMatchObject({ state: 'requested' });
  expect((await world.request(BAD)).sendAt).toBeLessThanOrEqual(world.clock.now());
});

test('a request that cannot be settled, because a count is throttled, makes its domain due for its www. once a day', async () => {
  const world = certificateWorld({ mode: 'advanced' });
  await world.arrive(GOOD, { www: true, wwwServed: false });
  const ledger = throttling(world.ledger, appOrdersKey(NETWORK).item);
  await world.time.advance(20 * SECOND);
  await world.pass({}, { others: { ledger } });
  const due = await world.domain(GOOD);
  expect(due?.dueAt).not.toBeNull();
  // RunCloud takes the change, and does not make it.
  if (due !== undefined) world.ledger.put(domainKey(NETWORK, GOOD), { ...due, dueAt: null, sendAt: null });
  await world.time.advance(10 * MINUTE);
  await world.pass({}, { others: { ledger } });
  expect(await world.request(GOOD)).toMatchObject({ state: 'pending', owner: null });
  expect((await world.domain(GOOD))?.dueAt).toBeNull();
});

test('a www. that leads elsewhere does not make its domain due at each try of an order whose counts are throttled', async () => {
  const world = certificateWorld();
  await world.arrive(GOOD, { www: true, wwwServed: true });
  world.dns.set(`www.${GOOD}`, elsewhere(`www.${GOOD}`));
  await world.time.advance(10 * MINUTE);
  await world.putRequest({ wwwAskedAt: world.clock.now() }, GOOD);
  await world.pass({}, { others: { ledger: throttling(world.ledger, appOrdersKey(NETWORK).item) } });
  expect(await world.request(GOOD)).toMatchObject({ state: 'pending', owner: null });
  expect((await world.domain(GOOD))?.dueAt).toBeNull();
});

test.each([
  ['is not due', HOUR],
  ['waits for that order itself', 0],
])(
  'what a certificate owes that %s is told though the orders of its network wait for a count',
  async (_which, dueInMs) => {
    const world = certificateWorld();
    await world.arrive(BAD);
    await world.arrive(GOOD);
    await world.time.advance(20 * SECOND);
    const now = world.clock.now();
    await world.putRequest({ dueAt: now + dueInMs, sendAt: now, toSend: [owed] }, BAD);
    const ledger = throttling(world.ledger, appOrdersKey(NETWORK).item);
    await world.pass({}, { others: { ledger } });
    expect(world.orders).toEqual([]);
    expect(await world.request(GOOD)).toMatchObject({ state: 'pending', owner: null });
    expect(await world.request(BAD)).toMatchObject({ toSend: [] });
    expect(world.ledger.all('outcome')).toHaveLength(1);
  },
);

test('what a due certificate owes is told though its network cannot be asked about', async () => {
  const world = certificateWorld();
  await world.arrive(BAD);
  await world.time.advance(20 * SECOND);
  await world.putRequest({ toSend: [owed] }, BAD);
  await world.pass(
    {},
    { others: { networks: { access: () => Promise.reject(new Unavailable('secrets')) } } },
  );
  expect(world.reportDeferred).toMatchObject([{ network: NETWORK, what: 'secrets' }]);
  expect(await world.request(BAD)).toMatchObject({ toSend: [], owner: null, crashes: 0 });
  expect(world.ledger.all('outcome')).toHaveLength(1);
});
