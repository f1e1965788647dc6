import { expect, test } from '@jest/globals';
import { hostingContract } from '../contracts/hosting.contract.ts';
import { type HostingCall, memoryHosting } from './hosting.ts';

hostingContract('in memory', async (domains) => ({
  hosting: memoryHosting({ domains }),
  close: async () => {},
}));

test('reports every call before it is made', async () => {
  const calls: HostingCall[] = [];
  const hosting = memoryHosting({
    onCall: async (call) => {
      calls.push(call);
    },
  });
  await hosting.add({ name: 'shop.example', www: true });
  await hosting.page(1);
  await hosting.remove(1);
  expect(calls).toEqual([
    { op: 'add', name: 'shop.example', www: true },
    { op: 'page', number: 1 },
    { op: 'remove', id: 1 },
  ]);
});

test('does nothing when the hook before throws, and loses only the answer when the one after does', async () => {
  const lost = new Error('lost');
  const unsent = memoryHosting({ onCall: () => Promise.reject(lost) });
  await expect(unsent.add({ name: 'shop.example', www: false })).rejects.toBe(lost);
  expect(unsent.rows.size).toBe(0);

  const unwatched = memoryHosting({ onDone: () => Promise.reject(lost) });
  await expect(unwatched.add({ name: 'shop.example', www: false })).rejects.toBe(lost);
  expect([...unwatched.rows.values()]).toMatchObject([{ name: 'shop.example' }]);
});

test('shows rows that a test changes by hand', async () => {
  const hosting = memoryHosting({ domains: [{ id: 5, name: 'shop.example' }] });
  hosting.rows.set(5, { id: 5, name: 'shop.example', type: 'primary', www: false, wildcard: false });
  await expect(hosting.remove(5)).rejects.toMatchObject({ failure: 'refused' });
});
