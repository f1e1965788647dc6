import { Unavailable, UnreadableItem } from '../../errors.ts';

/**
 * Does work on another item, or leaves it if that item cannot be read: such an item holds back only itself. The ledger has
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

/**
 * The same, and leaves an item too whose key DynamoDB throttles: for what work on other items can do without. Where the whole
 * ledger is away, the next call of that work shows it.
 */
export async function ifUsable<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await unlessUnreadable(work);
  } catch (error) {
    if (error instanceof Unavailable) return undefined;
    throw error;
  }
}
