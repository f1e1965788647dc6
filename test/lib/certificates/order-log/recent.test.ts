import { describe, expect, test } from '@jest/globals';
import { setOf, WEEK_MS } from '../../../../lib/certificates/order-log/limits.ts';
import { isCoveredBy, RecentOrders } from '../../../../lib/certificates/order-log/recent.ts';
import type { CertificateItem, CertificateOrder } from '../../../../lib/sync/ledger/certificate-item.ts';
import { certificateItem, DAY, HOUR, MINUTE, NOW, order } from '../../../support/items.ts';

function history(...entries: readonly [number, string][]) {
  return entries.map(([at, what]) => ({ at: new Date(at).toISOString(), what, detail: '' }));
}
const wanted = history([NOW - 2 * DAY, 'certificate-wanted']);

function record(
  items: readonly Partial<CertificateItem>[],
  appOrders: readonly CertificateOrder[] = [],
  ownDomains: readonly string[] = [],
) {
  const requests = items.map((part) => certificateItem({ history: wanted, ...part }));
  return new RecentOrders({
    requests: new Map(requests.map((item) => [item.domain, item])),
    appOrders,
    ownDomains,
    now: NOW,
  });
}
function timesOf(from: RecentOrders, ...names: readonly string[]) {
  return Object.fromEntries([...from.ofRegistered(names)].map(([domain, times]) => [domain, times.length]));
}

describe('an order for the whole application', () => {
  const [before, within, after, again] = [
    order(NOW - 5 * HOUR),
    order(NOW - 3 * HOUR),
    order(NOW - 2 * HOUR),
    order(NOW - HOUR + MINUTE),
  ] as const;

  test('covered a name if its request stood then', () => {
    const item = certificateItem({
      history: history(
        [NOW - 4 * HOUR, 'certificate-wanted'],
        [NOW - 2 * HOUR, 'none'],
        [NOW - HOUR, 'certificate-wanted'],
      ),
    });
    expect([before, within, after, again].map((one) => isCoveredBy(item, one))).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });

  test('counts for a name of whose beginning nothing is known any more', () => {
    const full = history(...Array.from({ length: 20 }, (_, n) => [NOW - n, 'valid'] as [number, string]));
    expect(isCoveredBy(certificateItem({ history: full }), before)).toBe(true);
  });

  test('counts for the domains of the network itself, though nobody wanted for them', () => {
    const items = [{ domain: 'one.own.com', history: history([NOW, 'certificate-wanted']) }];
    expect(timesOf(record(items, [before]), 'one.own.com')).toEqual({ 'own.com': 0 });
    expect(timesOf(record(items, [before], ['www.own.com']), 'one.own.com')).toEqual({ 'own.com': 1 });
  });
});

test('a registered domain counts the orders of all its names, closed requests among them, of the last week', () => {
  const kept = record(
    [
      { domain: 'acme.co.uk', orders: [order(NOW - HOUR), order(NOW - WEEK_MS)] },
      { domain: 'shop.acme.co.uk', wanted: false, state: 'none', orders: [order(NOW - DAY)] },
      { domain: 'other.co.uk', orders: [order(NOW)] },
    ],
    [order(NOW - MINUTE), order(NOW - 3 * DAY)],
  );
  expect(timesOf(kept, 'new.acme.co.uk', 'www.new.acme.co.uk')).toEqual({ 'acme.co.uk': 3 });
  expect(timesOf(kept, 'other.co.uk', 'unknown.com')).toEqual({ 'other.co.uk': 2, 'unknown.com': 0 });
});

test('an order counts from when it is taken, once for each registered domain, until it is given back', () => {
  const kept = record([{ domain: 'a.com' }]);
  const release = kept.take(['a.com', 'www.a.com'], NOW);
  kept.take(['a.com'], NOW);
  expect(timesOf(kept, 'b.a.com')).toEqual({ 'a.com': 2 });
  release();
  expect(timesOf(kept, 'b.a.com')).toEqual({ 'a.com': 1 });
});

test('a name counts its own orders and those of the application that covered it', () => {
  const own = order(NOW - HOUR);
  const kept = record([{ domain: 'a.com', orders: [own] }], [order(NOW - MINUTE), order(NOW - 3 * DAY)]);
  expect(kept.ofName('a.com').map(({ at }) => at)).toEqual([NOW - HOUR, NOW - MINUTE]);
  expect(kept.ofName('b.com')).toEqual([]);
});

test('www. of a name counts its orders as a domain of its own, and those that another domain made with it', () => {
  const pair = { ...order(NOW - MINUTE), set: setOf(['a.com', 'www.a.com']) };
  const alone = { ...order(NOW - 2 * MINUTE), set: setOf(['a.com']) };
  const kept = record([
    { domain: 'a.com', orders: [alone, pair] },
    { domain: 'www.a.com', orders: [order(NOW - HOUR)] },
  ]);
  expect(kept.ofName('www.a.com').map(({ at }) => at)).toEqual([NOW - HOUR, NOW - MINUTE]);
  expect(kept.ofName('a.com').map(({ at }) => at)).toEqual([NOW - 2 * MINUTE, NOW - MINUTE]);
});

test('an order on its way counts for each of its names as one that fails', () => {
  const kept = record([{ domain: 'a.com' }]);
  const release = kept.take(['a.com', 'www.a.com'], NOW);
  expect(kept.ofName('www.a.com')).toMatchObject([{ at: NOW, failed: true }]);
  release();
  expect(kept.ofName('www.a.com')).toEqual([]);
});

test('the account counts every order of the network once, and one about to be made until it is taken back', () => {
  const items = [
    { domain: 'a.example', orders: [order(NOW - HOUR), order(NOW - 8 * DAY)] },
    { domain: 'b.example', orders: [order(NOW - MINUTE)] },
  ];
  const kept = record(items, [order(NOW - 2 * HOUR)]);
  expect(kept.ofAccount().toSorted()).toEqual([NOW - 2 * HOUR, NOW - HOUR, NOW - MINUTE]);
  const release = kept.take(['c.example'], NOW);
  expect(kept.ofAccount()).toContain(NOW);
  release();
  expect(kept.ofAccount()).toHaveLength(3);
});
