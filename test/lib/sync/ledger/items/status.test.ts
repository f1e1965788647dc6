import { expect, test } from '@jest/globals';
import { toLastError, withState } from '../../../../../lib/sync/ledger/items/status.ts';
import { toInstant } from '../../../../../lib/sync/ledger/time.ts';
import { NOW } from '../../../../support/sync/items.ts';

const item = { state: 'pending', since: '2026-11-01T00:00:00.000Z' };

test('a state that stays keeps its time, also for another reason', () =>
  expect(withState(item, 'pending', 'removals-limited', NOW)).toEqual({
    ...item,
    reason: 'removals-limited',
  }));

test('a new state holds from now on', () =>
  expect(withState(item, 'present', null, NOW)).toEqual({
    state: 'present',
    reason: null,
    since: toInstant(NOW),
  }));

test('the last error keeps code and message, and nothing else', () => {
  const error = { code: 'runcloud-timeout' as const, message: 'No answer', cause: 'secret' };
  expect(toLastError(error, NOW)).toEqual({
    code: 'runcloud-timeout',
    message: 'No answer',
    at: toInstant(NOW),
  });
});
