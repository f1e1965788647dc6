import { Unavailable } from '../errors.ts';
import { inBatchesWithinReach } from '../sync/ledger/in-batches.ts';
import type { Clock } from '../sync/ledger/ports.ts';
import { unlessUnreadable } from '../sync/ledger/unreadable.ts';
import { persist } from '../sync/ledger/updates/persist.ts';

const WRITES_AT_ONCE = 10;

type End = () => Promise<unknown>;

/**
 * The ends of requests, and of passes, that were out of reach when they were written. DynamoDB throttles single keys, so nothing waits
 * for one of them: not the orders of the other requests, and not the lease on the application. They are written once the call has
 * done all else.
 */
export class LateEnds {
  readonly #left = new Set<End>();

  /** Writes an end. Undefined: it is out of reach, and `late` is written later. */
  async write<T>(end: () => Promise<T>, late: End = end): Promise<T | undefined> {
    try {
      return await end();
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      this.#left.add(late);
      return undefined;
    }
  }

  /** Tries each now. One that fails is left for later. */
  async writeAll(ends: readonly End[]): Promise<void> {
    for (const end of ends) this.#left.add(end);
    await this.#try(ends).catch(() => undefined);
  }

  /** Repeats those that are left as long as the function has time. Throws `Unavailable` after that. */
  async writeLeft(time: { readonly clock: Clock; readonly deadlineAt: number }): Promise<void> {
    if (this.#left.size === 0) return;
    await persist(async () => {
      await this.#try([...this.#left]);
      if (this.#left.size > 0) throw new Unavailable('ledger');
    }, time);
  }

  /** Where the ledger itself is away, those behind would only cost time. */
  async #try(ends: readonly End[]): Promise<void> {
    await inBatchesWithinReach(ends, WRITES_AT_ONCE, async (end) => {
      await unlessUnreadable(end);
      this.#left.delete(end);
    });
  }
}
