import { setTimeout as wait } from 'node:timers/promises';

/** Waits until an expectation about another process or thread holds; its last failure is thrown at the deadline. */
export const eventually = async (
  expectation: () => unknown,
  { withinMs = 60_000, everyMs = 25 } = {},
): Promise<void> => {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      await expectation();
      return;
    } catch (error) {
      if (Date.now() >= deadline) throw error;
      await wait(everyMs);
    }
  }
};
