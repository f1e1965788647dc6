import { afterAll, expect, test } from '@jest/globals';
import { closeAll } from '../../bench/measure/closing.ts';
import { measure } from '../../bench/rows/round-trips.ts';

afterAll(() => closeAll());

test('an accepted event waits for three calls to AWS in a new process, and for two in a warm one', async () => {
  const rows = await measure();
  expect(rows.map(({ value }) => value)).toEqual([3, 2]);
});
