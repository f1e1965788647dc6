import { expect, test } from '@jest/globals';
import { withCalls } from '../../../../../lib/sync/ledger/items/calls-of-month.ts';
import { NOW } from '../../../../support/sync/items.ts';

test('calls are counted by the month in UTC', () => {
  const counted = withCalls(withCalls(null, 2, NOW), 3, NOW);
  expect(counted).toEqual({ month: '2026-11', count: 5 });
  const december = Date.parse('2026-12-01T00:00:00.000Z');
  expect(withCalls(counted, 1, december)).toEqual({ month: '2026-12', count: 1 });
  expect(withCalls(counted, 1, december - 1).month).toBe('2026-11');
});
