import { expect, test } from '@jest/globals';
import { toInstant } from '../../../../lib/sync/ledger/time.ts';
import { NOW } from '../../../support/items.ts';

test('an instant is shown in UTC with milliseconds', () => {
  expect(toInstant(NOW)).toBe('2026-11-21T05:00:30.250Z');
  expect(toInstant(0)).toBe('1970-01-01T00:00:00.000Z');
});
