import { describe, expect, test } from '@jest/globals';
import { Unavailable } from '../../../../lib/errors.ts';
import { sweepKey } from '../../../../lib/sync/ledger/keys.ts';
import { DOMAIN, domainItem, HOUR, NETWORK, NOW, SECOND, settledItem } from '../../../support/sync/items.ts';
import { name, sweepWorld } from '../../../support/sync/sweep-world.ts';

describe('the sweep’s own lease', () => {
  test('lets one sweep run at a time', async () => {
    const world = await sweepWorld();
    await world.ledger.write(sweepKey, { owner: 'other', leaseUntil: NOW + 1, nextNetwork: null }, 0);
    expect(await world.sweep()).toEqual({ sent: 0, failed: 0 });
    expect(world.sent).toEqual([]);
  });

  test('ends with its sweep', async () => {
    const world = await sweepWorld();
    await world.sweep();
    expect((await world.ledger.read(sweepKey))?.item).toEqual({
      owner: null,
      leaseUntil: 0,
      nextNetwork: null,
    });
  });

  test('ends with a sweep that failed, so that the next one need not wait for it', async () => {
    const world = await sweepWorld([domainItem()], {
      queue: { send: () => Promise.reject(new Unavailable('queue')) },
    });
    await expect(world.sweep()).rejects.toMatchObject({ what: 'queue' });
    expect((await world.ledger.read(sweepKey))?.item).toEqual({
      owner: null,
      leaseUntil: 0,
      nextNetwork: null,
    });
  });

  test('that another sweep has taken over meanwhile stays that one’s', async () => {
    const other = { owner: 'other', leaseUntil: NOW + HOUR, nextNetwork: 'acme' };
    const world = await sweepWorld([domainItem()], {
      queue: {
        send: async () => {
          world.ledger.put(sweepKey, other);
          return [];
        },
      },
    });
    await world.sweep();
    expect((await world.ledger.read(sweepKey))?.item).toEqual(other);
  });

  test('of a sweep that died ends with its function’s time', async () => {
    const world = await sweepWorld();
    await world.ledger.write(sweepKey, { owner: 'dead', leaseUntil: NOW, nextNetwork: null }, 0);
    expect(await world.sweep()).toEqual({ sent: 1, failed: 0 });
  });
});

describe('time and the index', () => {
  test('an index that lags sends nothing twice', async () => {
    const world = await sweepWorld([domainItem()], {
      ledger: () => ({
        due: async (kind) =>
          kind === 'domain' ? [{ network: NETWORK, item: `domain#${DOMAIN}`, sendAt: NOW, dueAt: NOW }] : [],
      }),
    });
    expect(await world.sweep()).toEqual({ sent: 1, failed: 0 });
  });

  test('an index that shows what has settled costs a message and changes nothing', async () => {
    const world = await sweepWorld([settledItem()], {
      ledger: () => ({
        due: async (kind) =>
          kind === 'domain' ? [{ network: NETWORK, item: `domain#${DOMAIN}`, sendAt: NOW, dueAt: NOW }] : [],
      }),
    });
    await world.sweep();
    expect(await world.domain()).toEqual(settledItem());
  });

  test('it stops before its function is stopped, and leaves the other work due', async () => {
    const world = await sweepWorld(
      Array.from({ length: 150 }, (_, n) => domainItem({ domain: name(n) })),
      { queue: { send: () => world.clock.advance(46 * SECOND).then(() => []) } },
    );
    expect(await world.sweep()).toEqual({ sent: 100, failed: 0 });
    expect(world.ledger.all('domain').filter(({ sendAt }) => sendAt === NOW)).toHaveLength(50);
    expect((await world.ledger.read(sweepKey))?.item.owner).toBeNull();
  });
});
