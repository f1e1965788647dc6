import { describe, expect, test } from '@jest/globals';
import type { NetworkItem } from '../../../../../lib/sync/ledger/items/network-item.ts';
import {
  limitOf,
  reserveWrite,
  type WriteLimit,
} from '../../../../../lib/sync/network/limits/write-limit.ts';
import { fc } from '../../../../support/property.ts';
import { HOUR, MINUTE, NETWORK, NOW, networkItem, SECOND, written } from '../../../../support/sync/items.ts';

type Kind = WriteLimit['counted'];

function limit(counted: Kind, perHour: number): WriteLimit {
  return { counted, perHour, reason: `${counted}-limited` };
}

function write(counted: Kind, item: NetworkItem | undefined, perHour: number, now = NOW) {
  const { result: freeAt, ...changed } = reserveWrite(NETWORK, limit(counted, perHour), now)(item);
  return { ...changed, freeAt };
}

/** A network after that many writes at one moment. */
function networkAfter(counted: Kind, count: number, at = NOW): NetworkItem {
  let item = networkItem();
  for (let i = 0; i < count; i++) item = written(write(counted, item, 1_000, at));
  return item;
}

test('each kind of write has its limit, and a change of a row has none', () => {
  const access = { removalsPerHour: 60, additionsPerHour: 300 };
  expect(limitOf('remove', access)).toEqual(limit('removals', 60));
  expect(limitOf('add', access)).toEqual(limit('additions', 300));
  expect(limitOf('update', access)).toBeUndefined();
});

test('removals and additions are counted apart', () => {
  const item = written(write('additions', networkAfter('removals', 2), 300));
  const minute = Math.floor(NOW / MINUTE);
  expect(item).toMatchObject({ removals: [{ minute, count: 2 }], additions: [{ minute, count: 1 }] });
  expect(write('additions', networkAfter('removals', 2), 1).freeAt).toBeNull();
});

describe.each(['removals', 'additions'] as const)('the limit of %s', (counted) => {
  const filled = (count: number, at = NOW) => networkAfter(counted, count, at);
  const begin = (item: NetworkItem | undefined, perHour: number, now = NOW) =>
    write(counted, item, perHour, now);

  test('counts a write before it begins, also the first one of a network', () => {
    const begun = begin(undefined, 60);
    expect(begun.freeAt).toBeNull();
    expect(written(begun)[counted]).toEqual([{ minute: Math.floor(NOW / MINUTE), count: 1 }]);
  });

  test('keeps one count for each minute, however many writes it had', () => {
    const minute = Math.floor(NOW / MINUTE);
    const next = written(begin(filled(3, NOW + MINUTE), 60, NOW + MINUTE));
    expect(next[counted]).toEqual([{ minute: minute + 1, count: 4 }]);
    const later = written(begin(written(begin(filled(2), 60, NOW + MINUTE)), 60, NOW + MINUTE));
    expect(later[counted]).toEqual([
      { minute, count: 2 },
      { minute: minute + 1, count: 2 },
    ]);
  });

  test('lets through as many as an hour may have, and holds the next', () => {
    expect(begin(filled(59), 60).freeAt).toBeNull();
    const held = begin(filled(60), 60);
    expect(held.freeAt).toBeGreaterThan(NOW);
    expect(held.write).toBeUndefined();
  });

  test('holds until the oldest of them is an hour old, and not much longer', () => {
    const { freeAt } = begin(filled(2), 2);
    expect(freeAt).toBeGreaterThanOrEqual(NOW + HOUR);
    expect(freeAt).toBeLessThanOrEqual(NOW + HOUR + MINUTE);
    expect(begin(filled(2), 2, freeAt ?? 0).freeAt).toBeNull();
    expect(begin(filled(2), 2, (freeAt ?? 0) - 1).freeAt).not.toBeNull();
  });

  test('forgets what is more than an hour ago', () => {
    expect(written(begin(filled(3), 60, NOW + 2 * HOUR))[counted]).toHaveLength(1);
  });

  test('set to 0 is off, and counts nothing', () => {
    expect(begin(filled(500), 0)).toEqual({ freeAt: null });
  });

  test('changes no other field of the network', () => {
    const item = networkItem({ readsFirst: true, revision: 3 });
    expect(written(begin(item, 60))).toEqual({ ...item, [counted]: expect.any(Array) });
  });
});

test('whenever writes are asked for, no hour sees more than it may', () => {
  const gaps = fc.array(fc.nat({ max: 10 * MINUTE }), { minLength: 1, maxLength: 120 });
  fc.assert(
    fc.property(gaps, fc.integer({ min: 1, max: 12 }), (pauses, perHour) => {
      let item: NetworkItem | undefined;
      let now = NOW + 17 * SECOND;
      const begun: number[] = [];
      for (const pause of pauses) {
        now += pause;
        const next = write('additions', item, perHour, now);
        item = next.write ?? item;
        if (next.freeAt === null) begun.push(now);
      }
      for (const end of begun) {
        expect(begun.filter((at) => at > end - HOUR && at <= end).length).toBeLessThanOrEqual(perHour);
      }
    }),
  );
});
