import { afterAll, expect, test } from '@jest/globals';
import { closeAll } from '../../bench/measure/closing.ts';
import { isMet } from '../../bench/row.ts';
import { measure } from '../../bench/rows/package-size.ts';

afterAll(() => closeAll());

test('no API function outgrows the zip that a cold start may fetch', async () => {
  const rows = await measure();
  expect(rows).toHaveLength(5);
  expect(rows.filter((row) => !isMet(row))).toEqual([]);
});
