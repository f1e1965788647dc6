import { expect, test } from '@jest/globals';
import { allEnded } from '../../lib/all-ended.ts';

test('gives each result in its place', async () => {
  const [number, text] = await allEnded([Promise.resolve(7), Promise.resolve('seven')]);
  expect({ number, text }).toEqual({ number: 7, text: 'seven' });
});

test('fails only once nothing runs on', async () => {
  let open: () => void = () => {};
  const slow = new Promise<void>((resolve) => {
    open = resolve;
  });
  const ended: string[] = [];
  const both = allEnded([
    Promise.reject(new Error('first')),
    slow.then(() => void ended.push('the slow one')),
  ]).catch((error: Error) => void ended.push(error.message));
  await new Promise(setImmediate);
  expect(ended).toEqual([]);
  open();
  await both;
  expect(ended).toEqual(['the slow one', 'first']);
});
