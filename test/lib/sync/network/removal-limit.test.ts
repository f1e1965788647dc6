import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { NetworkItem } from '../../../../lib/sync/ledger/network-item.ts';
import { reserveRemoval } from '../../../../lib/sync/network/removal-limit.ts';
import { HOUR, MINUTE, NETWORK, NOW, networkItem, SECOND, written } from '../../../support/items.ts';

function remove(item: NetworkItem | undefined, perHour: number, now = NOW) {
  return reserveRemoval(NETWORK, perHour, now)(item);
}

/** A network after that many removals at one moment. */
function networkAfter(count: number, at = NOW): NetworkItem {
  let item = networkItem();
  for (let i = 0; i < count; i++) item = written(remove(item, 1_000, at));
  return item;
}

describe('the removal limit', () => {
  test('counts a removal before it begins, also the first one of a network', () => {
    const { write, result } = remove(undefined, 60);
    expect(result).toEqual({ freeAt: null });
    expect(write?.removals).toEqual([{ minute: Math.floor(NOW / MINUTE), count: 1 }]);
  });

  test('keeps one count for each minute, however many removals it had', () => {
    const minute = Math.floor(NOW / MINUTE);
    const { removals } = written(remove(networkAfter(3, NOW + MINUTE), 60, NOW + MINUTE));
    expect(removals).toEqual([{ minute: minute + 1, count: 4 }]);
    const later = written(remove(written(remove(networkAfter(2), 60, NOW + MINUTE)), 60, NOW + MINUTE));
    expect(later.removals).toEqual([
      { minute, count: 2 },
      { minute: minute + 1, count: 2 },
    ]);
  });

  test('lets through as many as an hour may have, and holds the next', () => {
    expect(remove(networkAfter(59), 60).result.freeAt).toBeNull();
    const held = remove(networkAfter(60), 60);
    expect(held.result.freeAt).toBeGreaterThan(NOW);
    expect(held.write).toBeUndefined();
  });

  test('holds until the oldest of them is an hour old, and not much longer', () => {
    const { freeAt } = remove(networkAfter(2), 2).result;
    expect(freeAt).toBeGreaterThanOrEqual(NOW + HOUR);
    expect(freeAt).toBeLessThanOrEqual(NOW + HOUR + MINUTE);
    expect(remove(networkAfter(2), 2, freeAt ?? 0).result.freeAt).toBeNull();
    expect(remove(networkAfter(2), 2, (freeAt ?? 0) - 1).result.freeAt).not.toBeNull();
  });

  test('forgets what is more than an hour ago', () => {
    const { removals } = written(remove(networkAfter(3), 60, NOW + 2 * HOUR));
    expect(removals).toHaveLength(1);
  });

  test('set to 0 is off, and counts nothing', () => {
    expect(remove(networkAfter(500), 0)).toEqual({ result: { freeAt: null } });
  });

  test('changes no other field of the network', () => {
    const item = networkItem({ readsFirst: true, revision: 3 });
    const { removals, ...rest } = written(remove(item, 60));
    expect(item).toMatchObject(rest);
  });
});

test('whenever removals are asked for, no hour sees more than it may', () => {
  const gaps = fc.array(fc.nat({ max: 10 * MINUTE }), { minLength: 1, maxLength: 120 });
  fc.assert(
    fc.property(gaps, fc.integer({ min: 1, max: 12 }), (pauses, perHour) => {
      let item: NetworkItem | undefined;
      let now = NOW + 17 * SECOND;
      const begun: number[] = [];
      for (const pause of pauses) {
        now += pause;
        const { write, result } = remove(item, perHour, now);
        item = write ?? item;
        if (result.freeAt === null) begun.push(now);
      }
      for (const end of begun) {
        expect(begun.filter((at) => at > end - HOUR && at <= end).length).toBeLessThanOrEqual(perHour);
      }
    }),
  );
});
