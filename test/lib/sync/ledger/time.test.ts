import { expect, test } from '@jest/globals';
import { toInstant, toTtl } from '../../../../lib/sync/ledger/time.ts';
import { NOW } from '../../../support/sync/items.ts';

test('an instant is shown in UTC with milliseconds', () => {
  expect(toInstant(NOW)).toBe('2026-11-21T05:00:30.250Z');
  expect(toInstant(0)).toBe('1970-01-01T00:00:00.000Z');
});

test('an item expires at a whole second, never early', () => {
  expect(toTtl(NOW)).toBe(Math.floor(NOW / 1_000) + 1);
  expect(toTtl(2_000)).toBe(2);
});
