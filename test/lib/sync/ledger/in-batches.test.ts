import { expect, test } from '@jest/globals';
import { inBatches } from '../../../../lib/sync/ledger/in-batches.ts';

test('works on this many at a time, and keeps their order', async () => {
  let running = 0;
  let most = 0;
  const doubled = await inBatches([1, 2, 3, 4, 5], 2, async (n) => {
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
    return n * 2;
  });
  expect(doubled).toEqual([2, 4, 6, 8, 10]);
  expect(most).toBe(2);
});

test('fails once nothing of the chunk runs on, and begins no other', async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const work = inBatches([1, 2, 3], 2, async (n) => {
    begun.push(n);
    if (n === 1) throw new Error('first');
    await Promise.resolve();
    ended.push(n);
  });
  await expect(work).rejects.toThrow('first');
  expect({ begun, ended }).toEqual({ begun: [1, 2], ended: [2] });
});
