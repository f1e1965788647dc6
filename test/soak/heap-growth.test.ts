import { expect, test } from '@jest/globals';
import { heapGrowth, mostGrowthBytes } from './heap-growth.ts';

const mib = 2 ** 20;
function heaps(heapOf: (n: number) => number) {
  return Array.from({ length: 24 }, (_, n) => ({ heapBytes: Math.round(heapOf(n) * mib) }));
}

test('a heap that warms up and then breathes has not grown', () => {
  const breathing = heaps((n) => (n === 0 ? 10 : 24 + (n % 3)));
  expect(Math.abs(heapGrowth(breathing))).toBeLessThan(mib);
});

test('one weighing in the middle of a pass says nothing', () => {
  expect(heapGrowth(heaps((n) => (n === 23 ? 90 : 24)))).toBe(0);
});

test('a heap that leaks in every pass has grown too far', () => {
  expect(heapGrowth(heaps((n) => 24 + n))).toBeGreaterThan(mostGrowthBytes);
});

test('a few weighings are no verdict', () => {
  expect(() => heapGrowth(heaps(() => 24).slice(0, 7))).toThrow('too few');
});
