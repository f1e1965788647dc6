import { describe, expect, test } from '@jest/globals';
import { parseRetryAfter } from '../../../lib/retry-after.ts';
import { rateLimitOf } from '../../../lib/runcloud/rate-limit.ts';

const now = Date.UTC(2026, 10, 21, 5, 0, 0);

describe('Retry-After', () => {
  test.each([
    ['0', 0],
    ['7', 7_000],
    [' 120 ', 120_000],
    ['Sat, 21 Nov 2026 05:00:30 GMT', 30_000],
    ['Saturday, 21-Nov-26 05:01:00 GMT', 60_000],
    ['Sat, 21 Nov 2026 04:00:00 GMT', 0],
  ])('%p is a wait of %p ms', (value, expected) => {
    expect(parseRetryAfter(value, now)).toBe(expected);
  });

  test.each([null, '', '-5', '1.5', 'soon', 'Sat, nonsense'])('%p asks for nothing', (value) => {
    expect(parseRetryAfter(value, now)).toBeUndefined();
  });

  test.each(['99999999999999999999', 'Sat, 21 Nov 2099 05:00:00 GMT'])(
    '%p is cut to a day, for one header must not end the work',
    (value) => {
      expect(parseRetryAfter(value, now)).toBe(86_400_000);
    },
  );
});

test('reads the limit and what is left of it, whatever the case of the header', () => {
  const headers = new Headers({
    'X-RateLimit-Limit': '60',
    'x-ratelimit-remaining': '0',
    'Retry-After': '3',
  });
  expect(rateLimitOf(headers, now)).toEqual({ limit: 60, remaining: 0, retryAfterMs: 3_000 });
});

test('ignores what is no count', () => {
  const headers = new Headers({ 'X-RateLimit-Limit': 'many', 'X-RateLimit-Remaining': '-1' });
  expect(rateLimitOf(headers, now)).toEqual({
    limit: undefined,
    remaining: undefined,
    retryAfterMs: undefined,
  });
});
