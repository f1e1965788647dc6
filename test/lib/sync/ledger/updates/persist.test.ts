import { describe, expect, test } from '@jest/globals';
import { Unavailable } from '../../../../../lib/errors.ts';
import { CHANGE_MS } from '../../../../../lib/sync/ledger/budgets.ts';
import { persist } from '../../../../../lib/sync/ledger/updates/persist.ts';
import { MINUTE, NOW, SECOND } from '../../../../support/sync/items.ts';

/** A write that fails so often, and when it was tried. */
function failing(times: number, error: Error, { waitsMs = 5 * MINUTE } = {}) {
  let now = NOW;
  const tried: number[] = [];
  const clock = {
    now: () => now,
    sleep: async (ms: number) => {
      now += ms;
    },
  };
  const write = async () => {
    tried.push((now - NOW) / SECOND);
    if (tried.length <= times) throw error;
    return 'written';
  };
  return { tried, run: () => persist(write, { clock, deadlineAt: NOW + waitsMs }) };
}

const away = new Unavailable('ledger', new Error('throttled'));

describe('the result of a pass', () => {
  test('is written once where the ledger takes it', async () => {
    const { tried, run } = failing(0, away);
    expect(await run()).toBe('written');
    expect(tried).toEqual([0]);
  });

  test('is written again while the ledger is away, after one second, then twice as long, up to ten', async () => {
    const { tried, run } = failing(7, away);
    expect(await run()).toBe('written');
    expect(tried).toEqual([0, 1, 3, 7, 15, 25, 35, 45]);
  });

  test('is given up while a last try would outlast the function, to the millisecond', async () => {
    const inTime = failing(2, away, { waitsMs: 3 * SECOND + CHANGE_MS });
    expect(await inTime.run()).toBe('written');
    const late = failing(2, away, { waitsMs: 3 * SECOND + CHANGE_MS - 1 });
    await expect(late.run()).rejects.toBe(away);
    expect(late.tried).toEqual([0, 1]);
  });

  test('is not written again after any other error', async () => {
    const bug = new TypeError('A bug');
    const { tried, run } = failing(1, bug);
    await expect(run()).rejects.toBe(bug);
    expect(tried).toEqual([0]);
  });
});
