import { Unavailable } from '../../../errors.ts';
import { CHANGE_MS } from '../budgets.ts';
import type { Clock } from '../ports.ts';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 10_000;

/**
 * Writes how a pass ended. A worker that could not write looks like one that was killed, so while the ledger is away the write
 * is repeated as long as the function has time. Throws `Unavailable` after that.
 */
export async function persist<T>(
  write: () => Promise<T>,
  { clock, deadlineAt }: { readonly clock: Clock; readonly deadlineAt: number },
): Promise<T> {
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
    try {
      return await write();
    } catch (error) {
      const passing = error instanceof Unavailable && clock.now() + waitMs <= deadlineAt - CHANGE_MS;
      if (!passing) throw error;
    }
    await clock.sleep(waitMs);
  }
}
