import { Unavailable } from '../../errors.ts';
import type { Key, Kind, StoredItems } from './keys.ts';
import type { Ledger } from './ports.ts';

/** What a pure rule makes of an item: the item to write (none: leave it as it is) and what the caller learns. */
export interface ItemUpdate<T, R> {
  readonly write?: T;
  readonly result: R;
}

// Contenders for one item are the few workers and API handlers of one moment; each round, one of them gets through.
const MOST_ROUNDS = 25;

/**
 * Applies a pure rule to one item: reads it, decides, writes only over what was read, and decides again when
 * another writer was faster. Throws `Unavailable('ledger')` if that never ends.
 */
export async function updateItem<K extends Kind, R>(
  ledger: Pick<Ledger, 'read' | 'write'>,
  key: Key<K>,
  rule: (item: StoredItems[K] | undefined) => ItemUpdate<StoredItems[K], R>,
): Promise<R> {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const stored = await ledger.read(key);
    const { write, result } = rule(stored?.item);
    if (write === undefined || (await ledger.write(key, write, stored?.writes ?? 0))) return result;
  }
  throw new Unavailable('ledger', new Error(`${key.item} of ${key.network} is changed by too many at once`));
}
