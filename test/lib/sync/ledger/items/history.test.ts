import { expect, test } from '@jest/globals';
import { withEntry } from '../../../../../lib/sync/ledger/items/history.ts';
import { MINUTE, NOW } from '../../../../support/sync/items.ts';

test('an entry says when, what and why', () => {
  expect(withEntry([], NOW, 'waiting', 'runcloud-timeout')).toEqual([
    { at: '2026-11-21T05:00:30.250Z', what: 'waiting', detail: 'runcloud-timeout' },
  ]);
});

test('the last twenty entries are kept', () => {
  let history = withEntry([], NOW, 'waiting', 'try 0');
  for (let i = 1; i < 25; i++) history = withEntry(history, NOW + i, 'waiting', `try ${i}`);
  expect(history).toHaveLength(20);
  expect(history[0]?.detail).toBe('try 5');
  expect(history.at(-1)?.detail).toBe('try 24');
});

test('the same thing twice in a row is one entry, with its last time', () => {
  const once = withEntry([], NOW, 'waiting', 'runcloud-timeout');
  const twice = withEntry(once, NOW + MINUTE, 'waiting', 'runcloud-timeout');
  expect(twice).toEqual([{ at: '2026-11-21T05:01:30.250Z', what: 'waiting', detail: 'runcloud-timeout' }]);
});

test('the same thing for another reason is an entry of its own', () => {
  const once = withEntry([], NOW, 'waiting', 'runcloud-timeout');
  expect(withEntry(once, NOW, 'waiting', 'runcloud-unavailable')).toHaveLength(2);
});

test('what was written before is not changed', () => {
  const before = withEntry([], NOW, 'accepted');
  withEntry(before, NOW, 'present');
  expect(before).toHaveLength(1);
});
