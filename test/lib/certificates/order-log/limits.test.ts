import { describe, expect, test } from '@jest/globals';
import {
  failuresAt,
  lately,
  sameNamesAt,
  setOf,
  spacedAt,
  WEEK_MS,
  weekAt,
} from '../../../../lib/certificates/order-log/limits.ts';
import type { CertificateOrder } from '../../../../lib/sync/ledger/items/certificate-item.ts';
import { fc } from '../../../support/property.ts';
import { HOUR, MINUTE, NOW, order } from '../../../support/sync/items.ts';

test('a set of names is the same in whatever order they come, and another with one name more', () => {
  expect(setOf(['b.example', 'a.example'])).toBe(setOf(['a.example', 'b.example']));
  expect(setOf(['a.example'])).not.toBe(setOf(['a.example', 'b.example']));
  expect(setOf(['a.example'])).toMatch(/^[0-9a-f]{16}$/);
});

test('an order is forgotten after a week', () => {
  const kept = order(NOW - WEEK_MS + 1);
  expect(lately([order(NOW - WEEK_MS), kept], NOW)).toEqual([kept]);
});

describe('the limits of one set of names, and of failures', () => {
  const times = (count: number, part: Partial<CertificateOrder> = {}) =>
    Array.from({ length: count }, (_, n) => order(NOW - 2 * HOUR + n * MINUTE, part));

  test.each([
    { title: 'nothing ordered', orders: [], at: 0 },
    { title: 'three of this set', orders: times(3), at: 0 },
    { title: 'four of this set', orders: times(4), at: NOW - 2 * HOUR + WEEK_MS },
    { title: 'four of others', orders: times(4, { set: 'b' }), at: 0 },
    {
      title: 'three of this set, the last of them failed',
      orders: times(3, { failed: true }),
      at: NOW + 2 * HOUR + 2 * MINUTE,
    },
    {
      title: 'three of this set, the last of them failed, in whatever order they are kept',
      orders: times(3)
        .map((one, n) => (n === 2 ? { ...one, failed: true } : one))
        .toReversed(),
      at: NOW + 2 * HOUR + 2 * MINUTE,
    },
    {
      title: 'four failed of others within the hour',
      orders: [50, 40, 30, 20].map((ago, n) =>
        order(NOW - ago * MINUTE, { set: `other-${n}`, failed: true }),
      ),
      at: NOW + 10 * MINUTE,
    },
    {
      title: 'four failed, one of them longer ago',
      orders: [61, 40, 30, 20].map((ago, n) =>
        order(NOW - ago * MINUTE, { set: `other-${n}`, failed: true }),
      ),
      at: 0,
    },
  ])('$title', ({ orders, at }) => {
    expect(Math.max(failuresAt(orders, NOW), sameNamesAt(orders, 'a', NOW))).toBe(at);
  });
});

describe('the week’s budget of an application', () => {
  const spread = (count: number) => Array.from({ length: count }, (_, n) => order(NOW - (count - n) * HOUR));

  test('leaves twenty orders free', () => {
    expect(spacedAt(spread(20), NOW)).toBe(0);
  });

  test('grows the distance to the last one after them, up to more than four hours', () => {
    const distances = [21, 30, 39].map((count) => spacedAt(spread(count), NOW) - (NOW - HOUR));
    expect(distances[0]).toBeGreaterThan(0);
    expect(distances[1]).toBeGreaterThan(distances[0] ?? 0);
    expect(distances[2]).toBeGreaterThan(distances[1] ?? 0);
    expect(distances[2]).toBeLessThanOrEqual(4.2 * HOUR);
    // Half of the spaced twenty: half of a fortieth of the week.
    expect(distances[1]).toBe(WEEK_MS / 80);
  });

  test('is spent with forty, until the first of them is a week old', () => {
    const times = spread(40).map(({ at }) => at);
    expect(weekAt(times.slice(1), NOW)).toBe(0);
    expect(weekAt(times, NOW)).toBe(NOW - 40 * HOUR + WEEK_MS);
    expect(weekAt([NOW - WEEK_MS, ...times.slice(1)], NOW)).toBe(0);
  });
});

function allowedAt(kept: readonly CertificateOrder[], set: string, now: number): number {
  return Math.max(
    failuresAt(kept, now),
    sameNamesAt(kept, set, now),
    spacedAt(kept, now),
    weekAt(
      kept.map(({ at }) => at),
      now,
    ),
  );
}

/** More than `most` of these within any window. */
function crowded(times: readonly number[], most: number, windowMs: number): boolean {
  return times.some((start) => times.filter((at) => at >= start && at < start + windowMs).length > most);
}

test('no sequence of orders that asks first exceeds 40 a week, 4 failed an hour, or 4 of one set a week', () => {
  const requests = fc.array(
    fc.record({
      afterMs: fc.oneof(fc.integer({ min: 0, max: 5 * MINUTE }), fc.integer({ min: 0, max: 12 * HOUR })),
      set: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm'),
      failed: fc.boolean(),
      // A request that has to wait comes back then, or asks at other times.
      patient: fc.boolean(),
    }),
    { minLength: 50, maxLength: 250 },
  );
  fc.assert(
    fc.property(requests, (asked) => {
      let now = NOW;
      let kept: CertificateOrder[] = [];
      const all: CertificateOrder[] = [];
      for (const { afterMs, set, failed, patient } of asked) {
        now += afterMs;
        const at = allowedAt(kept, set, now);
        if (patient) now = Math.max(now, at);
        if (allowedAt(kept, set, now) > now) continue;
        const made = order(now, { set, failed });
        kept = [...lately(kept, now), made];
        all.push(made);
      }
      expect(
        crowded(
          all.map(({ at }) => at),
          40,
          WEEK_MS,
        ),
      ).toBe(false);
      const failedAt = all.filter(({ failed }) => failed).map(({ at }) => at);
      expect(crowded(failedAt, 4, HOUR)).toBe(false);
      for (const set of new Set(all.map((one) => one.set))) {
        const same = all.filter((one) => one.set === set).map(({ at }) => at);
        expect(crowded(same, 4, WEEK_MS)).toBe(false);
      }
    }),
    { numRuns: 60 },
  );
});
