import { setTimeout as wait } from 'node:timers/promises';

/** Only what hangs takes so long: a busy machine makes no test fail. Jest gives a whole test more (`jest.config.js`). */
export const HANGS_MS = 500_000;

/**
 * Waits until an expectation about another process or thread holds; its last failure is thrown at the deadline. Between
 * two checks it leaves the machine free for three times as long as a check takes, up to a second: what it waits for needs the
 * same cores.
 */
export async function eventually(
  expectation: () => unknown,
  { withinMs = HANGS_MS, everyMs = 25 } = {},
): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const begunAt = Date.now();
    try {
      await expectation();
      return;
    } catch (error) {
      if (Date.now() >= deadline) throw error;
      await wait(Math.max(everyMs, Math.min(3 * (Date.now() - begunAt), 1_000)));
    }
  }
}
