import { Unavailable } from '../../../errors.ts';

/**
 * Takes a lease. The write of one that got no answer may be stored, and nothing is done under it: it would look like the lease of a
 * killed worker. So `giveBack`, which changes only a lease of this worker, is tried once. It is not tried again: while the whole
 * ledger is away, every worker would wait for it until its function's end. Throws what `take` threw.
 */
export async function takenLease<T>(take: () => Promise<T>, giveBack: () => Promise<unknown>): Promise<T> {
  try {
    return await take();
  } catch (error) {
    if (error instanceof Unavailable) await giveBack().catch(() => undefined);
    throw error;
  }
}
