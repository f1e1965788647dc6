import { describe, expect, test } from '@jest/globals';
import { timeToReadyMs } from '../../../../lib/sync/status/time-to-ready.ts';

function entries(...whats: string[]) {
  return whats.map((what, i) => ({
    at: new Date(1_795_237_200_000 + i * 1_000).toISOString(),
    what,
    detail: '',
  }));
}

describe('the time to an arrival', () => {
  test('counts from the last update', () => {
    const history = entries('accepted', 'waiting', 'accepted', 'waiting', 'held', 'present');
    expect(timeToReadyMs(history, ['accepted'], 'present')).toBe(3_000);
    const again = entries('accepted', 'present', 'removed', 'accepted', 'present');
    expect(timeToReadyMs(again, ['accepted'], 'present')).toBe(1_000);
  });

  test('is known once, at the first arrival', () => {
    expect(
      timeToReadyMs(entries('accepted', 'present', 'moved', 'present'), ['accepted'], 'present'),
    ).toBeUndefined();
    expect(timeToReadyMs(entries('accepted', 'present', 'waiting'), ['accepted'], 'present')).toBeUndefined();
  });

  test('is unknown where the update is too long ago to be remembered', () => {
    expect(timeToReadyMs(entries('waiting', 'present'), ['accepted'], 'present')).toBeUndefined();
    expect(timeToReadyMs([], ['accepted'], 'present')).toBeUndefined();
  });
});
