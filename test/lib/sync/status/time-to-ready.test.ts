import { describe, expect, test } from '@jest/globals';
import { toInstant } from '../../../../lib/sync/ledger/time.ts';
import { timeToReadyMs } from '../../../../lib/sync/status/time-to-ready.ts';
import { DAY, domainItem, MINUTE, NOW, settledItem } from '../../../support/sync/items.ts';

describe('the time to an arrival', () => {
  const arrived = settledItem({ since: toInstant(NOW) });

  test('counts from when the domain was last asked for', () => {
    expect(timeToReadyMs(domainItem({ askedAt: NOW - MINUTE }), arrived, 'present')).toBe(MINUTE);
  });

  test('is known once, at the first arrival', () => {
    expect(timeToReadyMs(domainItem({ askedAt: null }), arrived, 'present')).toBeUndefined();
    expect(timeToReadyMs(settledItem({ askedAt: NOW - DAY }), arrived, 'present')).toBeUndefined();
  });

  test('is none of a pass that brought it into another state', () => {
    const failed = domainItem({ state: 'failed' });
    expect(timeToReadyMs(domainItem({ askedAt: NOW }), failed, 'present')).toBeUndefined();
  });
});
