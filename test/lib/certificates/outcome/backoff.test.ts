import { describe, expect, test } from '@jest/globals';
import {
  dailyMs,
  dnsDelayMs,
  isExpiring,
  untilExpiringMs,
  verifyDelayMs,
} from '../../../../lib/certificates/outcome/backoff.ts';
import { grownMs } from '../../../../lib/sync/ledger/work/backoff.ts';
import { timing } from '../../../support/certificates/certificate-world.ts';
import { fc } from '../../../support/property.ts';
import { DAY, HOUR, MINUTE, NOW, SECOND } from '../../../support/sync/items.ts';

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test('waits double from a minute to four hours, with jitter', () => {
  expect([0, 1, 2, 7].map((attempts) => grownMs(attempts, timing, () => 0) / MINUTE)).toEqual([1, 2, 4, 128]);
  fc.assert(
    fc.property(fc.nat(2_000), random, (attempts, dice) => {
      const waitMs = grownMs(attempts, timing, () => dice);
      expect(waitMs).toBeGreaterThanOrEqual(MINUTE);
      expect(waitMs).toBeLessThanOrEqual(4 * HOUR);
    }),
  );
});

test('a daily check comes once a day, more or less', () => {
  fc.assert(
    fc.property(random, (dice) => {
      expect(Math.abs(dailyMs(timing, () => dice) - DAY)).toBeLessThanOrEqual(DAY / 8);
    }),
  );
});

test('a customer’s DNS is asked for daily once a week of waits is over', () => {
  expect(dnsDelayMs({ attempts: 3, waitedMs: 0 }, timing, () => 0)).toBe(8 * MINUTE);
  expect(dnsDelayMs({ attempts: 60, waitedMs: 7 * DAY - 1 }, timing, () => 0)).toBeLessThan(4 * HOUR);
  expect(dnsDelayMs({ attempts: 60, waitedMs: 7 * DAY }, timing, () => 0.5)).toBe(DAY);
});

describe('an order is checked', () => {
  test.each([
    [0, 30],
    [20, 10],
    [30, 60],
    [90, 120],
    [210, 300],
    [510, 300],
    [29 * 60, 300],
  ])('%i s after it: again in %i s', (sinceSeconds, waitSeconds) => {
    const waitMs = verifyDelayMs({ attempts: 9 }, sinceSeconds * SECOND, timing, () => 0);
    expect(waitMs).toBe(waitSeconds * SECOND);
  });

  test('by a worker whose clock is a second late: not twice for the same step', () => {
    expect(verifyDelayMs({ attempts: 0 }, 29 * SECOND, timing, () => 0)).toBe(61 * SECOND);
    expect(verifyDelayMs({ attempts: 0 }, 509 * SECOND, timing, () => 0)).toBe(300 * SECOND);
  });

  test('with growing waits once its time is over', () => {
    expect(verifyDelayMs({ attempts: 3 }, 30 * MINUTE, timing, () => 0)).toBe(8 * MINUTE);
  });
});

describe('a certificate', () => {
  const ninety = { notBefore: NOW, notAfter: NOW + 90 * DAY };

  test('is expiring with less than a sixth of its life left', () => {
    expect(isExpiring(ninety, NOW + 75 * DAY)).toBe(false);
    expect(isExpiring(ninety, NOW + 75 * DAY + 1)).toBe(true);
    expect(isExpiring(ninety, NOW + 91 * DAY)).toBe(true);
  });

  test('and that moment is known before', () => {
    expect(untilExpiringMs(ninety, NOW)).toBe(75 * DAY);
  });
});
