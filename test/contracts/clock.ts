import { describe, expect, test } from '@jest/globals';
import type { Clock } from '../../lib/sync/ledger/ports.ts';

/** `pass` lets at least this much time go by. */
export function clockContract(name: string, start: () => { clock: Clock; pass(ms: number): Promise<void> }) {
  describe(name, () => {
    test('a sleeper does not wake before its time', async () => {
      const { clock, pass } = start();
      const from = clock.now();
      const slept = clock.sleep(20).then(() => clock.now());
      await pass(20);
      // The timer counts on another clock than the date, and both are cut to milliseconds.
      expect(await slept).toBeGreaterThanOrEqual(from + 19);
    });

    test('a sleep until a past time ends at once', async () => {
      const { clock, pass } = start();
      const slept = clock.sleep(-5);
      await pass(0);
      await expect(slept).resolves.toBeUndefined();
    });
  });
}
