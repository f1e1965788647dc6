import { expect, test } from '@jest/globals';
import { keptGrowth, mostKeptBytes } from './kept-growth.ts';

const mib = 2 ** 20;

/** 40 weighings of 300 events that load some code late and leave this much behind each. */
function weighings(bytesByEvent: number) {
  return Array.from({ length: 40 }, (_, n) => ({
    keptBytes: 35 * mib + Math.min(n, 12) * 0.2 * mib + (n / 40) * 300 * bytesByEvent,
  }));
}

test('a record of each event and the history of its domain may stay', () => {
  expect(keptGrowth(weighings(24 * 2 ** 10))).toBeLessThan(mostKeptBytes(300));
});

test('a few buffers more, each with the slab it was cut from, are too much', () => {
  expect(keptGrowth(weighings(84 * 2 ** 10))).toBeGreaterThan(mostKeptBytes(300));
});
