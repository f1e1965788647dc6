import { describe, expect, test } from '@jest/globals';
import type { HostedDomain, ListingPage } from '../../../../../lib/sync/ledger/runcloud-ports.ts';
import { ListReading } from '../../../../../lib/sync/network/listing/list-reading.ts';
import { row } from '../../../../support/sync/items.ts';

function rows(from: number, count: number, part: Partial<HostedDomain> = {}) {
  return Array.from({ length: count }, (_, index) =>
    row({ id: from + index, name: `d${from + index}.example`, ...part }),
  );
}

function page(domains: readonly HostedDomain[], part: Partial<ListingPage> = {}): ListingPage {
  return {
    domains,
    unreadable: 0,
    total: domains.length,
    lastPage: undefined,
    more: false,
    ...part,
  };
}

function readingOf(...pages: readonly ListingPage[]): ListReading {
  const reading = new ListReading();
  for (const next of pages) reading.add(next);
  return reading;
}

const first = page(rows(1, 40), { total: 45, more: true });
const last = page(rows(41, 5), { total: 45 });

describe('a list read page by page', () => {
  test('is whole when every page has the same total and that many rows came', () => {
    expect(readingOf(first).isWhole).toBe(false);
    expect(readingOf(first).nextPage).toBe(2);
    const reading = readingOf(first, last);
    expect([reading.nextPage, reading.isWhole]).toEqual([null, true]);
    expect(readingOf(page([])).isWhole).toBe(true);
  });

  test.each<[string, readonly ListingPage[]]>([
    ['the total changed', [first, page(rows(41, 4), { total: 44 })]],
    [
      'the total changed, though as many rows came as it was first',
      [first, page(rows(41, 5), { total: 46 })],
    ],
    ['the last page stated no total', [first, page(rows(41, 5), { total: undefined })]],
    ['a row came twice, so another was never seen', [first, page(rows(40, 5), { total: 45 })]],
    ['a row could not be read', [page(rows(1, 2), { unreadable: 1 })]],
    [
      'no page has a total',
      [page(rows(1, 40), { total: undefined, more: true }), page(rows(41, 5), { total: undefined })],
    ],
  ])('is not when %s', (_, pages) => {
    const reading = readingOf(...pages);
    expect([reading.nextPage, reading.isWhole]).toEqual([null, false]);
    expect(reading.serves('d1.example')).toBe(true);
  });

  test('whose pages are always the same ends, and is not whole', () => {
    const reading = readingOf(first, first);
    expect([reading.nextPage, reading.isWhole]).toEqual([null, false]);
  });

  test('that never ends is given up at 500 pages', () => {
    const reading = new ListReading();
    let pages = 0;
    for (; reading.nextPage !== null && pages < 1_000; pages++) {
      reading.add(page(rows(pages * 2, 2), { total: 9, more: true }));
    }
    expect([pages, reading.isWhole]).toEqual([500, false]);
  });

  test('serves the www. and the wildcard of its rows, and nothing by one that sends its visitors elsewhere', () => {
    const reading = readingOf(
      page([
        row({ id: 1, name: 'acme.example', www: true }),
        row({ id: 2, name: 'network.example', wildcard: true, www: undefined }),
        row({ id: 3, name: '*.wild.example' }),
        row({ id: 4, name: 'away.example', type: 'redirect', www: true }),
      ]),
    );
    const names = [
      'acme.example',
      'www.acme.example',
      '*.network.example',
      'network.example',
      '*.wild.example',
    ];
    expect(names.filter((name) => !reading.serves(name))).toEqual([]);
    for (const name of ['*.acme.example', 'www.network.example', 'away.example', 'www.away.example']) {
      expect(reading.serves(name)).toBe(false);
    }
    expect(reading.isWhole).toBe(true);
  });

  test('goes on in another call as if it had never stopped', () => {
    const before = readingOf(first);
    const after = new ListReading(before.toStored());
    expect(after.nextPage).toBe(2);
    expect(after.rows.size).toBe(0);
    after.add(last);
    expect(after.isWhole).toBe(true);
    expect([after.serves('d1.example'), after.serves('d45.example'), after.serves('d46.example')]).toEqual([
      true,
      true,
      false,
    ]);
    expect([...after.rows.keys()]).toEqual([41, 42, 43, 44, 45]);
    expect(new ListReading(after.toStored()).toStored()).toEqual(after.toStored());
  });

  test('counts a row that slipped into the next call’s pages once', () => {
    const after = new ListReading(readingOf(first).toStored());
    after.add(page(rows(40, 5), { total: 45 }));
    expect(after.isWhole).toBe(false);
  });

  test('that has been read is not read on', () => {
    const reading = readingOf(page([]));
    expect(() => reading.add(page([]))).toThrow('to its end');
  });

  test('of 20,000 domains with their www. fits into an item of the ledger', () => {
    const reading = readingOf(page(rows(1, 20_000, { www: true })));
    expect(JSON.stringify(reading.toStored()).length).toBeLessThan(390_000);
  });
});
