import { describe, expect, test } from '@jest/globals';
import type { DueWork } from '../../../../lib/sync/ledger/ports.ts';
import { Handled } from '../../../../lib/sync/sweep/handled.ts';
import { NETWORK, NOW } from '../../../support/sync/items.ts';

function works(count: number): DueWork[] {
  return Array.from({ length: count }, (_, n) => ({
    network: n % 2 === 0 ? NETWORK : 'other',
    item: `domain#shop-${Math.floor(n / 2)}.example`,
    dueAt: NOW,
    sendAt: NOW,
  }));
}

/** An index that goes on showing what was handled. */
function lagging(rows: readonly DueWork[]) {
  const limits: number[] = [];
  const handled = new Handled(async (_until, limit) => {
    limits.push(limit);
    return rows.slice(0, limit);
  });
  return { handled, limits };
}

describe('what a sweep has handled', () => {
  test('is not handled again where the index still shows it, and hides nothing behind it', async () => {
    const rows = works(7);
    const { handled } = lagging(rows);
    const turns = [];
    for (let n = 0; n < 3; n += 1) turns.push(await handled.next(NOW, 3));
    expect(turns).toEqual([
      { works: rows.slice(0, 3), isLast: false },
      { works: rows.slice(3, 6), isLast: false },
      { works: rows.slice(6), isLast: true },
    ]);
  });

  test('has as many asked for as it shows again, and as are wanted', async () => {
    const { handled, limits } = lagging(works(20));
    for (let n = 0; n < 3; n += 1) await handled.next(NOW, 3);
    expect(limits.at(-1)).toBe(9);
  });

  test('ends where nothing is due', async () => {
    expect(await lagging([]).handled.next(NOW, 3)).toEqual({ works: [], isLast: true });
  });
});
