import { describe, expect, test } from '@jest/globals';
import { amendCountedOrder, countOrder } from '../../../../lib/certificates/order-log/counts.ts';
import { setOf, WEEK_MS } from '../../../../lib/certificates/order-log/limits.ts';
import { RecentOrders } from '../../../../lib/certificates/order-log/recent.ts';
import { appOrdersKey, domainOrdersKey } from '../../../../lib/sync/ledger/keys.ts';
import { type MemoryLedger, memoryLedger } from '../../../doubles/ledger.ts';
import { manualClock } from '../../../doubles/manual-clock.ts';
import { DAY, HOUR, MINUTE, NETWORK, NOW } from '../../../support/sync/items.ts';

type Made = readonly [at: number, ...names: string[]];

function orderOf([at, ...names]: Made) {
  return { network: NETWORK, at, set: setOf(names), names };
}

async function ledgerWith(...made: readonly Made[]): Promise<MemoryLedger> {
  const ledger = memoryLedger();
  for (const one of made) await countOrder(orderOf(one), ledger);
  return ledger;
}

async function loaded(ledger: MemoryLedger, ...names: readonly string[]): Promise<RecentOrders> {
  const recent = new RecentOrders(NETWORK, { ledger, clock: manualClock(NOW) });
  await recent.load(names);
  return recent;
}

function timesOf(recent: RecentOrders, ...names: readonly string[]) {
  const { ofRegistered } = recent.against(names);
  return Object.fromEntries([...ofRegistered].map(([domain, times]) => [domain, times.length]));
}

function ofName(recent: RecentOrders, name: string) {
  return recent.against([name]).ofNames.flat();
}

describe('orders on record', () => {
  test('count once for each registered domain, whatever names they had, for a week', async () => {
    const ledger = await ledgerWith(
      [NOW - WEEK_MS, 'acme.co.uk'],
      [NOW - DAY, 'acme.co.uk', 'shop.acme.co.uk', 'other.co.uk'],
      [NOW - HOUR, 'shop.acme.co.uk', 'www.shop.acme.co.uk'],
    );
    const names = ['new.acme.co.uk', 'www.other.co.uk', 'unknown.com'];
    const recent = await loaded(ledger, ...names);
    expect(timesOf(recent, ...names)).toEqual({ 'acme.co.uk': 2, 'other.co.uk': 1, 'unknown.com': 0 });
  });

  test('count for the names they had, and for no other of the same registered domain', async () => {
    const ledger = await ledgerWith(
      [NOW - DAY, 'a.com', 'www.a.com'],
      [NOW - HOUR, 'a.com'],
      [NOW, 'b.a.com'],
    );
    const recent = await loaded(ledger, 'a.com');
    expect(ofName(recent, 'a.com').map(({ at }) => at)).toEqual([NOW - DAY, NOW - HOUR]);
    expect(ofName(recent, 'www.a.com').map(({ at }) => at)).toEqual([NOW - DAY]);
    expect(ofName(recent, 'c.a.com')).toEqual([]);
  });

  test('count once for the account, however many registered domains they had', async () => {
    const ledger = await ledgerWith(
      [NOW - 4 * HOUR, 'a.com'],
      [NOW - HOUR, 'a.com', 'b.com'],
      [NOW, 'c.com'],
    );
    const recent = await loaded(ledger, 'd.com');
    expect(recent.against(['d.com']).ofAccount).toEqual([NOW - HOUR, NOW]);
  });

  test('count as failed for every name once one is amended', async () => {
    const made: Made = [NOW - HOUR, 'a.com', 'b.com'];
    const ledger = await ledgerWith(made, [NOW - HOUR, 'a.com']);
    await amendCountedOrder(orderOf(made), 'failed', ledger);
    const recent = await loaded(ledger, 'a.com', 'b.com');
    expect(ofName(recent, 'a.com').map(({ failed }) => failed)).toEqual([true, false]);
    expect(ofName(recent, 'b.com').map(({ failed }) => failed)).toEqual([true]);
  });

  test('count no more once RunCloud did not take one, and another of the same moment still does', async () => {
    const made: Made = [NOW - HOUR, 'a.com', 'b.com'];
    const ledger = await ledgerWith(made, [NOW - HOUR, 'a.com']);
    await amendCountedOrder(orderOf(made), 'undone', ledger);
    const recent = await loaded(ledger, 'a.com', 'b.com');
    expect(timesOf(recent, 'a.com', 'b.com')).toEqual({ 'a.com': 1, 'b.com': 0 });
    expect(recent.against(['a.com']).ofAccount).toEqual([NOW - HOUR]);
  });

  test('count once though the write is repeated, and are amended by none that is not on record', async () => {
    const ledger = await ledgerWith([NOW, 'a.com'], [NOW, 'a.com']);
    expect(timesOf(await loaded(ledger, 'a.com'), 'a.com')).toEqual({ 'a.com': 1 });
    await amendCountedOrder(orderOf([NOW - 1, 'a.com', 'b.com']), 'undone', ledger);
    expect(timesOf(await loaded(ledger, 'a.com'), 'a.com')).toEqual({ 'a.com': 1 });
    expect(await ledger.read(domainOrdersKey(NETWORK, 'b.com'))).toBeUndefined();
  });

  test('are dropped a week after the last of them, by the table itself', async () => {
    const ledger = await ledgerWith([NOW, 'a.com'], [NOW - DAY, 'a.com']);
    const expiresAt = Math.ceil((NOW + WEEK_MS) / 1_000);
    expect((await ledger.read(domainOrdersKey(NETWORK, 'a.com')))?.item.expiresAt).toBe(expiresAt);
    expect((await ledger.read(appOrdersKey(NETWORK)))?.item.expiresAt).toBe(expiresAt);
  });

  test('fit into one item, forty orders of a hundred names of any length', async () => {
    const names = Array.from({ length: 100 }, (_, n) => `${'x'.repeat(60)}-${n}.${'y'.repeat(60)}.a.com`);
    const made = Array.from({ length: 40 }, (_, n): Made => [NOW - n * MINUTE, `shop-${n}.a.com`, ...names]);
    const stored = await (await ledgerWith(...made)).read(domainOrdersKey(NETWORK, 'a.com'));
    expect(stored?.item.orders).toHaveLength(40);
    expect(JSON.stringify(stored?.item).length).toBeLessThan(100_000);
  });
});

describe('an order about to be made', () => {
  test('counts at once for each registered domain, name and the account, until it is taken back', async () => {
    const recent = await loaded(await ledgerWith(), 'a.com', 'www.a.com');
    const release = recent.take(['a.com', 'www.a.com'], NOW);
    recent.take(['a.com'], NOW - MINUTE);
    expect(timesOf(recent, 'b.a.com')).toEqual({ 'a.com': 2 });
    expect(ofName(recent, 'www.a.com')).toMatchObject([{ at: NOW, failed: true }]);
    expect(recent.against(['a.com']).ofAccount).toEqual([NOW, NOW - MINUTE]);
    release();
    expect(timesOf(recent, 'b.a.com')).toEqual({ 'a.com': 1 });
    expect(ofName(recent, 'www.a.com')).toEqual([]);
    expect(recent.against(['a.com']).ofAccount).toEqual([NOW - MINUTE]);
  });

  test('is seen by one that has read the same registered domain before', async () => {
    const recent = await loaded(await ledgerWith([NOW - DAY, 'a.com']), 'a.com');
    recent.take(['a.com'], NOW);
    await recent.load(['b.a.com']);
    expect(timesOf(recent, 'b.a.com')).toEqual({ 'a.com': 2 });
  });
});
