import { expect, test } from '@jest/globals';
import { median, ratios } from '../../bench/measure/paired.ts';
import { report } from '../../bench/report.ts';
import { isCounted, isHeld, isMet, type Row } from '../../bench/row.ts';

const rows: readonly Row[] = [
  {
    measure: 'cold import',
    value: 0.554,
    goal: 0.55,
    unit: 'ratio',
    limit: { bound: 0.6, why: 'the SDK takes 0.35' },
  },
  { measure: 'round trips', value: 3, goal: 3, unit: 'count' },
  { measure: 'zipped', value: 150.04, goal: 150, unit: 'KB' },
  { measure: 'bill of a million events', value: 2.98, goal: 3, unit: 'USD' },
];

test('a table shows each figure with its goal, and what a missed one cannot go below', () => {
  expect(report(rows).split('\n')).toEqual([
    'MEASURE                   VALUE     GOAL        BOUND   RESULT',
    'cold import               0.55      ≤ 0.55      ≤ 0.60  missed: the SDK takes 0.35',
    'round trips               3         ≤ 3                 met',
    'zipped                    150.0 KB  ≤ 150.0 KB          missed',
    'bill of a million events  $2.98     ≤ $3.00             met',
  ]);
});

test('a missed goal is held to its bound, and one without is not held at all', () => {
  expect(rows.map(isHeld)).toEqual([true, true, false, true]);
  const [explained] = rows;
  const worse = { ...explained, measure: 'cold import', value: 0.61, goal: 0.55, unit: 'ratio' } as const;
  expect(isHeld(worse)).toBe(false);
  expect(report([worse])).toContain('missed, and over its bound: the SDK takes 0.35');
});

test('a ratio of times is no counted goal, everything else is', () => {
  expect(rows.filter(isCounted).map(({ measure }) => measure)).toEqual([
    'round trips',
    'zipped',
    'bill of a million events',
  ]);
  expect(rows.map(isMet)).toEqual([false, true, false, true]);
});

test('costs are measured in turn, and their medians compared', async () => {
  const order: string[] = [];
  const costs = (name: string, values: number[]) => async () => {
    order.push(name);
    return values.shift() ?? Number.NaN;
  };
  const measured = new Map([
    ['a', costs('a', [1, 9, 2])],
    ['b', costs('b', [8, 8, 80])],
  ]);
  const results = await ratios(costs('base', [4, 4, 400]), measured, 3);
  expect([...results]).toEqual([
    ['a', 0.5],
    ['b', 2],
  ]);
  expect(order.join(' ')).toBe('base a b base a b base a b');
});

test('the median of an even number of values lies between the middle two', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(() => median([])).toThrow('no median');
});
