import { describe, expect, test } from '@jest/globals';
import { ComparedList } from '../../../../lib/sync/drift/compared-list.ts';
import type { HostedDomain, ListingPage } from '../../../../lib/sync/ledger/runcloud-ports.ts';
import { row } from '../../../support/sync/items.ts';

function rows(from: number, count: number) {
  return Array.from({ length: count }, (_, index) =>
    row({ id: from + index, name: `d${from + index}.example` }),
  );
}

function page(domains: readonly HostedDomain[], part: Partial<ListingPage> = {}): ListingPage {
  return { domains, unreadable: 0, total: domains.length, lastPage: undefined, more: false, ...part };
}

/** The pages are given in the order in which they are read. */
function backwardOf(...pages: readonly ListingPage[]): ComparedList {
  const reading = new ComparedList();
  for (const next of pages) reading.add(next);
  return reading;
}

test('a list of one page shows whether every name has one row', () => {
  const one = page([row({ id: 1, name: 'a.example', www: true }), row({ id: 2, name: 'www.a.example' })]);
  const two = page([row({ id: 1, name: 'a.example' }), row({ id: 2, name: 'a.example' })]);
  expect([backwardOf(one).hasSingleRows, backwardOf(two).hasSingleRows]).toEqual([true, false]);
  expect(backwardOf(page([row({ id: 1 })], { total: 2 })).hasSingleRows).toBeUndefined();
});

describe('a list read from its last page to its first', () => {
  const top = page(rows(1, 3), { total: 8, more: true });
  const middle = page(rows(4, 3), { total: 8, more: true });
  const end = page(rows(7, 2), { total: 8 });

  test('begins with the first page, which says where the last one is', () => {
    expect(backwardOf(top).nextPage).toBe(3);
    expect(backwardOf(top, end).nextPage).toBe(2);
    expect(backwardOf(top, end, middle).nextPage).toBe(1);
    const reading = backwardOf(top, end, middle, top);
    expect([reading.nextPage, reading.isWhole, reading.hasSingleRows]).toEqual([null, true, true]);
  });

  test('is read forward where the first page does not say that, or states more pages than are read', () => {
    const untold = { total: undefined, more: true };
    expect(backwardOf(page(rows(1, 3), untold)).nextPage).toBe(2);
    expect(backwardOf(page(rows(1, 3), { total: 1_600, more: true })).nextPage).toBe(2);
    expect(backwardOf(page([], { total: 8, more: true })).nextPage).toBeNull();
  });

  test('shows a second row that has moved up while another one went', () => {
    const second = row({ id: 5, name: 'd1.example' });
    const fewer = page([row({ id: 4, name: 'd4.example' }), ...rows(6, 2)], { total: 8, more: true });
    const moved = page([...rows(1, 1), ...rows(3, 1), second], { total: 8, more: true });
    const reading = backwardOf(top, end, fewer, moved);
    expect([reading.nextPage, reading.hasSingleRows]).toEqual([null, false]);
  });

  test('cannot tell whether every name has one row where its ids do not rise, and is whole all the same', () => {
    const falling = (which: ListingPage) => ({ ...which, domains: which.domains.toReversed() });
    const reading = backwardOf(...[top, end, middle, top].map(falling));
    expect([reading.isWhole, reading.hasSingleRows]).toEqual([true, undefined]);
  });

  test('that grows meanwhile is read from its new last page on, and is not whole', () => {
    const grown = { total: 10 };
    const later = [
      page(rows(10, 1), grown),
      page(rows(7, 3), { ...grown, more: true }),
      { ...middle, ...grown },
      { ...top, ...grown },
    ];
    const reading = backwardOf(top, page(rows(7, 3), { ...grown, more: true }), ...later);
    expect([reading.nextPage, reading.isWhole, reading.hasSingleRows]).toEqual([null, false, true]);
    expect(reading.rows.size).toBe(10);
  });

  test('whose pages are always the same ends at the second one, and is not whole', () => {
    const reading = backwardOf(top, top);
    expect([reading.nextPage, reading.isWhole, reading.hasSingleRows]).toEqual([null, false, undefined]);
  });

  test('goes on in another call, and does not know then whether every name has one row', () => {
    const after = new ComparedList(backwardOf(top, end).toStored());
    expect(after.nextPage).toBe(2);
    after.add(middle);
    after.add(top);
    expect([after.nextPage, after.isWhole, after.hasSingleRows]).toEqual([null, true, false]);
  });

  test('goes on forward where an earlier version began it', () => {
    const after = new ComparedList({ ...backwardOf(top).toStored(), nextPage: 2, reading: null });
    expect(after.nextPage).toBe(2);
    after.add(middle);
    after.add(end);
    expect([after.nextPage, after.isWhole]).toEqual([null, true]);
  });
});
