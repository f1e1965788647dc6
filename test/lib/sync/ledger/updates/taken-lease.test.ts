import { describe, expect, test } from '@jest/globals';
import { Unavailable } from '../../../../../lib/errors.ts';
import { takenLease } from '../../../../../lib/sync/ledger/updates/taken-lease.ts';

const away = new Unavailable('ledger', new Error('aborted'));

/** A lease whose taking throws the first of these errors, and whose giving back the second. */
function leaseThatThrows(taking: Error | undefined, givingBack?: Error) {
  const calls: string[] = [];
  const call = (name: string, error: Error | undefined) => async () => {
    calls.push(name);
    if (error !== undefined) throw error;
    return name;
  };
  return { calls, taken: () => takenLease(call('take', taking), call('give back', givingBack)) };
}

describe('a lease', () => {
  test('that is answered is kept', async () => {
    const { calls, taken } = leaseThatThrows(undefined);
    expect(await taken()).toBe('take');
    expect(calls).toEqual(['take']);
  });

  test('without an answer is given back', async () => {
    const { calls, taken } = leaseThatThrows(away);
    await expect(taken()).rejects.toBe(away);
    expect(calls).toEqual(['take', 'give back']);
  });

  test('that cannot be given back ends by itself: it is tried once, and the first error is the one that is thrown', async () => {
    const { calls, taken } = leaseThatThrows(away, new Unavailable('ledger', new Error('still away')));
    await expect(taken()).rejects.toBe(away);
    expect(calls).toEqual(['take', 'give back']);
  });

  test('is not given back after a bug: nothing says that it was written', async () => {
    const bug = new TypeError('A bug');
    const { calls, taken } = leaseThatThrows(bug);
    await expect(taken()).rejects.toBe(bug);
    expect(calls).toEqual(['take']);
  });
});
