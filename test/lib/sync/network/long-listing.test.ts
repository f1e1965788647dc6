import { describe, expect, test } from '@jest/globals';
import { ListTooLong, NotBefore } from '../../../../lib/sync/ledger/errors.ts';
import { networkKey } from '../../../../lib/sync/ledger/keys.ts';
import type { CallGuard, Hosting } from '../../../../lib/sync/ledger/runcloud-ports.ts';
import { longListing } from '../../../../lib/sync/network/long-listing.ts';
import { assertTimeLeft } from '../../../../lib/sync/network/time-left.ts';
import { memoryLedger } from '../../../doubles/ledger.ts';
import { manualClock } from '../../../doubles/manual-clock.ts';
import {
  DOMAIN,
  domainItem,
  MINUTE,
  NETWORK,
  NOW,
  networkItem,
  row,
  SECOND,
} from '../../../support/items.ts';
import { reconcileWorld } from '../../../support/reconcile-world.ts';

const whole = { complete: true };

/** A list of this many pages, each of which takes a second or `pageMs`. `onPage` is called before each call, with its number. */
function listWorld({
  pages = 30,
  pageMs = SECOND,
  onPage,
}: {
  pages?: number;
  pageMs?: number;
  onPage?: (asked: number) => Promise<void>;
} = {}) {
  const ledger = memoryLedger();
  const clock = manualClock(NOW);
  const passing: CallGuard = { before: async () => {}, after: async () => {} };
  let asked = 0;
  const hostingOf = (guard: CallGuard): Pick<Hosting, 'page'> => ({
    page: async (page) => {
      if (asked === 0) await onPage?.(1);
      await guard.before();
      asked += 1;
      await clock.advance(pageMs);
      await guard.after({ status: 200, limit: undefined, remaining: undefined, retryAfterMs: undefined });
      if (asked <= pages) await onPage?.(asked + 1);
      const domains = [row({ id: page, name: `shop-${page}.example` })];
      return { domains, unreadable: 0, total: pages, lastPage: pages, more: page < pages };
    },
  });
  const lister = (owner: string, withinMs = 5 * MINUTE, random = 0.5) => {
    const reader = { network: NETWORK, owner, deadlineAt: clock.now() + withinMs };
    const timely = { ...passing, before: async () => assertTimeLeft(reader, clock.now()) };
    const services = { ledger, clock, random: () => random };
    return longListing(reader, hostingOf(timely), services);
  };
  return {
    ledger,
    clock,
    lister,
    asked: () => asked,
    turn: async () => (await ledger.read(networkKey(NETWORK)))?.item.lister ?? null,
  };
}

describe('a list whose few pages take long', () => {
  test('is read by one worker from its first minute on', async () => {
    const turns: unknown[] = [];
    const world = listWorld({
      pages: 5,
      pageMs: 30 * SECOND,
      onPage: async () => void turns.push(await world.turn()),
    });
    expect(await world.lister('first')()).toMatchObject(whole);
    const turn = { owner: 'first', until: NOW + 5 * MINUTE };
    expect(turns).toEqual([null, null, null, null, turn, turn]);
    expect(await world.turn()).toBeNull();
  });

  test('is a failure when it is too long for one call, so that it ends', async () => {
    const world = listWorld({ pages: 11, pageMs: 30 * SECOND });
    await expect(world.lister('first')()).rejects.toBeInstanceOf(ListTooLong);
  });

  test('is one too when the last slot is too late for this call', async () => {
    const world = listWorld({
      pages: 11,
      pageMs: 30 * SECOND,
      onPage: async (page) => {
        if (page === 9) throw new NotBefore(NOW + 4.5 * MINUTE);
      },
    });
    await expect(world.lister('first')()).rejects.toBeInstanceOf(ListTooLong);
  });
});

describe('a long list', () => {
  test('is read by one worker: another one stays away before its first page, spread over the time of a listing', async () => {
    const away: unknown[] = [];
    const world = listWorld({
      onPage: async (page) => {
        if (page !== 20 || away.length > 0) return;
        expect(await world.turn()).toEqual({ owner: 'first', until: NOW + 5 * MINUTE });
        const asked = world.asked();
        for (const random of [0, 1]) {
          away.push(
            await world
              .lister('second', 5 * MINUTE, random)()
              .catch((error: unknown) => error),
          );
        }
        expect(world.asked()).toBe(asked);
      },
    });
    await expect(world.lister('first')()).resolves.toMatchObject(whole);
    const began = NOW + 19 * SECOND;
    expect(away).toMatchObject([
      { name: 'NotBefore', until: began + MINUTE },
      { name: 'NotBefore', until: NOW + 6 * MINUTE },
    ]);
    expect(await world.turn()).toBeNull();
    await expect(world.lister('second')()).resolves.toMatchObject(whole);
  });

  test('begun by two at once goes on with the first one recorded', async () => {
    const world = listWorld({
      onPage: async (page) => {
        if (page === 2)
          world.ledger.put(
            networkKey(NETWORK),
            networkItem({ lister: { owner: 'other', until: NOW + MINUTE } }),
          );
      },
    });
    await expect(world.lister('late')()).rejects.toBeInstanceOf(NotBefore);
    expect(world.asked()).toBe(1);
    expect(await world.turn()).toMatchObject({ owner: 'other' });
  });

  test('whose reader died is free again with the end of its call', async () => {
    const world = listWorld();
    world.ledger.put(networkKey(NETWORK), networkItem({ lister: { owner: 'dead', until: NOW + MINUTE } }));
    await expect(world.lister('next')()).rejects.toBeInstanceOf(NotBefore);
    await world.clock.advance(MINUTE);
    await expect(world.lister('next')()).resolves.toMatchObject(whole);
  });

  test('that is too long for one call is a failure, not an endless new start; its turn is released', async () => {
    const world = listWorld({ pages: 300 });
    const failed = world.lister('first')();
    await expect(failed).rejects.toBeInstanceOf(ListTooLong);
    await expect(failed).rejects.toMatchObject({
      failure: 'passing',
      message: expect.stringContaining('231 pages'),
    });
    expect(await world.turn()).toBeNull();
  });

  test('that meets another error throws it', async () => {
    const world = listWorld({
      onPage: async (page) => {
        if (page === 15) throw new TypeError('a bug');
      },
    });
    await expect(world.lister('first')()).rejects.toThrow('a bug');
    expect(await world.turn()).toBeNull();
  });
});

test('a short list needs no turn, and writes nothing', async () => {
  const world = listWorld({ pages: 10 });
  await expect(Promise.all([world.lister('one')(), world.lister('other')()])).resolves.toMatchObject([
    whole,
    whole,
  ]);
  expect(await world.ledger.read(networkKey(NETWORK))).toBeUndefined();
});

test('a pass that finds another worker listing waits, and counts nothing', async () => {
  const world = reconcileWorld({ rows: [row({ name: DOMAIN })] });
  await world.putNetwork(networkItem({ lister: { owner: 'other', until: NOW + 5 * MINUTE } }));
  await world.putDomain(domainItem());
  await world.pass();
  expect(world.ops()).toEqual(['add']);
  expect(await world.domain()).toMatchObject({ state: 'pending', attempts: 0, waitedMs: 0, owner: null });
  expect((await world.domain()).dueAt).toBeGreaterThanOrEqual(NOW + MINUTE);
});
