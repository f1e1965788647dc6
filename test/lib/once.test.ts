import { expect, test } from '@jest/globals';
import { once } from '../../lib/once.ts';

test('a thing is made once, also for callers at the same time', async () => {
  let made = 0;
  const get = once(async () => ({ number: ++made }));
  const [first, second] = await Promise.all([get(), get()]);
  expect(first).toBe(second);
  expect(await get()).toBe(first);
  expect(made).toBe(1);
});

test('a failure reaches every waiting caller and is forgotten', async () => {
  let tries = 0;
  const get = once(async () => {
    tries += 1;
    if (tries === 1) throw new Error('not yet');
    return tries;
  });
  const waiting = await Promise.allSettled([get(), get()]);
  expect(waiting.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await get()).toBe(2);
});
