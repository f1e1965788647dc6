import { expect, test } from '@jest/globals';
import { lazy } from '../../lib/lazy.ts';

test('a value is made when it is first asked for, and once, even if it is undefined', () => {
  let made = 0;
  const value = lazy(() => {
    made += 1;
    return undefined;
  });
  expect(made).toBe(0);
  expect([value(), value()]).toEqual([undefined, undefined]);
  expect(made).toBe(1);
});
