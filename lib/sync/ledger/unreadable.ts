import { UnreadableItem } from '../../errors.ts';

/**
 * Work on an item beside the one at hand, left undone if that item cannot be read: it holds back only itself. The ledger has
 * reported it (functions/services/reporting-ledger.ts), and the daily comparison or the sweep comes back to it.
 */
export async function unlessUnreadable<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UnreadableItem) return undefined;
    throw error;
  }
}
