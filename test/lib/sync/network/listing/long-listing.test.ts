import { describe, expect, test } from '@jest/globals';
import { NotBefore } from '../../../../../lib/sync/ledger/errors.ts';
import { networkKey } from '../../../../../lib/sync/ledger/keys.ts';
import type { KeptListing } from '../../../../../lib/sync/network/listing/kept-listings.ts';
import { loadListing } from '../../../../../lib/sync/network/listing/stored-listing.ts';
import {
  APP,
  DOMAIN,
  domainItem,
  MINUTE,
  NETWORK,
  NOW,
  networkItem,
  row,
  SECOND,
} from '../../../../support/sync/items.ts';
import { listWorld } from '../../../../support/sync/list-world.ts';
import { reconcileWorld } from '../../../../support/sync/reconcile-world.ts';

const whole = { complete: true };

describe('a list whose few pages take long', () => {
  test('is read by one worker from its first minute on', async () => {
    const turns: unknown[] = [];
    const world = listWorld({
      pages: 5,
      pageMs: 30 * SECOND,
      onPage: async () => void turns.push(await world.turn()),
    });
    expect(await world.lister('first')()).toMatchObject(whole);
    const turn = { owner: 'first', until: NOW + 5 * MINUTE, readyAt: NOW + 3 * MINUTE };
    expect(turns).toEqual([null, null, null, null, turn, turn]);
    expect(await world.turn()).toBeNull();
  });

  test('is read on by the next call when it is too long for one', async () => {
    const world = listWorld({ pages: 11, pageMs: 30 * SECOND });
    await expect(world.lister('first')()).rejects.toBeInstanceOf(NotBefore);
    expect(await world.turn()).toBeNull();
    const asked = world.asked();
    const listing = await world.lister('second')();
    expect(listing).toMatchObject({ ...whole, confirmed: true, begunAt: NOW });
    expect(listing.domains).toHaveLength(11);
    // Eleven pages, and the first one twice.
    expect(asked).toBeGreaterThan(1);
    expect(world.asked()).toBe(12);
  });

  test('ends for all workers though only its last page was left', async () => {
    const world = listWorld({ pages: 6, pageMs: 45 * SECOND });
    await expect(world.lister('first')()).rejects.toBeInstanceOf(NotBefore);
    expect(world.asked()).toBe(6);
    await expect(world.lister('second')()).resolves.toMatchObject({ ...whole, begunAt: NOW });
    expect(world.asked()).toBe(7);
    expect((await world.ledger.read(networkKey(NETWORK)))?.item.listing?.doneAt).toBe(world.clock.now());
  });

  test('is read on as well when the last slot is too late for this call', async () => {
    let late = true;
    const world = listWorld({
      pages: 11,
      pageMs: 20 * SECOND,
      onPage: async (asked) => {
        if (asked !== 9 || !late) return;
        late = false;
        throw new NotBefore(NOW + 4.5 * MINUTE);
      },
    });
    await expect(world.lister('first')()).rejects.toMatchObject({ until: NOW + 4.5 * MINUTE });
    await expect(world.lister('first')()).resolves.toMatchObject({ ...whole, begunAt: NOW });
  });
});

describe('a long list', () => {
  test('is read by one worker: another one stays away before its first page, until the list has probably been read', async () => {
    const away: unknown[] = [];
    // Thirty pages of a second, and the first one again.
    const readyAt = NOW + 31 * SECOND;
    const world = listWorld({
      onPage: async (page) => {
        if (page !== 20 || away.length > 0) return;
        expect(await world.turn()).toEqual({ owner: 'first', until: NOW + 5 * MINUTE, readyAt });
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
    expect(away).toMatchObject([
      { name: 'NotBefore', until: readyAt },
      { name: 'NotBefore', until: readyAt + 10 * SECOND },
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
            networkItem({ lister: { owner: 'other', until: NOW + MINUTE, readyAt: null } }),
          );
      },
    });
    await expect(world.lister('late')()).rejects.toBeInstanceOf(NotBefore);
    expect(world.asked()).toBe(1);
    expect(await world.turn()).toMatchObject({ owner: 'other' });
  });

  test('whose reader died is free again with the end of its call', async () => {
    const world = listWorld();
    world.ledger.put(
      networkKey(NETWORK),
      networkItem({ lister: { owner: 'dead', until: NOW + MINUTE, readyAt: null } }),
    );
    await expect(world.lister('next')()).rejects.toBeInstanceOf(NotBefore);
    await world.clock.advance(MINUTE);
    await expect(world.lister('next')()).resolves.toMatchObject(whole);
  });

  test('of 22,000 rows is complete after several calls', async () => {
    const world = listWorld({ pages: 550, rowsPerPage: 40 });
    let calls = 0;
    let listing: KeptListing | undefined;
    for (; listing === undefined && calls < 10; calls += 1) {
      listing = await world
        .lister(`worker-${calls}`)()
        .catch((error: unknown) => {
          expect(error).toBeInstanceOf(NotBefore);
          return undefined;
        });
    }
    expect(listing).toMatchObject({ complete: true, confirmed: true, begunAt: NOW });
    expect(listing?.domains).toHaveLength(22_000);
    expect(world.asked()).toBe(551);
    expect(calls).toBe(3);
    const stored = await loadListing(world.ledger, NETWORK, APP);
    expect(stored).toMatchObject({ complete: true, confirmed: true, begunAt: NOW });
    expect(stored?.rows).toEqual(listing?.domains);
  });

  test('is begun anew when its reading has taken six hours', async () => {
    const world = listWorld({ pages: 300 });
    await expect(world.lister('first')()).rejects.toBeInstanceOf(NotBefore);
    const begun = await world.ledger.read(networkKey(NETWORK));
    expect(begun?.item).toMatchObject({ lister: null, listing: { begunAt: NOW, doneAt: null } });
    await world.clock.advance(6 * 60 * MINUTE);
    const asked = world.asked();
    await expect(world.lister('next')()).rejects.toBeInstanceOf(NotBefore);
    expect(world.asked() - asked).toBeGreaterThan(200);
    expect((await world.ledger.read(networkKey(NETWORK)))?.item.listing?.begunAt).toBeGreaterThan(NOW);
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

test('a short list needs no turn, and is stored for other workers', async () => {
  const world = listWorld({ pages: 10 });
  await expect(Promise.all([world.lister('one')(), world.lister('other')()])).resolves.toMatchObject([
    whole,
    whole,
  ]);
  expect((await world.ledger.read(networkKey(NETWORK)))?.item).toMatchObject({
    lister: null,
    listing: { begunAt: NOW },
    singleRowsAt: NOW,
  });
});

test('a pass that finds another worker listing waits, and counts nothing', async () => {
  const world = reconcileWorld({ rows: [row({ name: DOMAIN })] });
  await world.putNetwork(networkItem({ lister: { owner: 'other', until: NOW + 5 * MINUTE, readyAt: null } }));
  await world.putDomain(domainItem());
  await world.pass();
  expect(world.ops()).toEqual(['add']);
  expect(await world.domain()).toMatchObject({ state: 'pending', attempts: 0, waitedMs: 0, owner: null });
  expect((await world.domain()).dueAt).toBeGreaterThanOrEqual(NOW + MINUTE);
});
