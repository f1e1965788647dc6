import { Unavailable } from '../../errors.ts';
import type { Key, Kind, StoredItems } from './keys.ts';
import type { Ledger, Stored } from './ports.ts';

/** What a pure rule makes of an item: the item to write (none: leave it as it is) and what the caller learns. */
export interface ItemUpdate<T, R> {
  readonly write?: T;
  readonly result: R;
}

// Contenders for one item are the few workers and API handlers of one moment; each round, one of them gets through.
const MOST_ROUNDS = 25;

type Rule<T, R> = (item: T | undefined) => ItemUpdate<T, R>;

async function updateFrom<K extends Kind, R>(
  ledger: Pick<Ledger, 'read' | 'write'>,
  key: Key<K>,
  rule: Rule<StoredItems[K], R>,
  first: Stored<StoredItems[K]> | undefined,
): Promise<R> {
  let stored = first;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const { write, result } = rule(stored?.item);
    if (write === undefined || (await ledger.write(key, write, stored?.writes ?? 0))) return result;
    stored = await ledger.read(key);
  }
  throw new Unavailable('ledger', new Error(`${key.item} of ${key.network} is changed by too many at once`));
}

/**
 * Applies a pure rule to one item: reads it, decides, writes only over what was read, and decides again when
 * another writer was faster. Throws `Unavailable('ledger')` if that never ends.
 */
export async function updateItem<K extends Kind, R>(
  ledger: Pick<Ledger, 'read' | 'write'>,
  key: Key<K>,
  rule: Rule<StoredItems[K], R>,
): Promise<R> {
  return updateFrom(ledger, key, rule, await ledger.read(key));
}

/** The same for an item that is probably new: its write is tried at once, and nothing is read unless it is there. */
export async function createOrUpdateItem<K extends Kind, R>(
  ledger: Pick<Ledger, 'read' | 'write' | 'create'>,
  key: Key<K>,
  rule: Rule<StoredItems[K], R>,
): Promise<R> {
  const { write, result } = rule(undefined);
  if (write === undefined) return updateItem(ledger, key, rule);
  const stored = await ledger.create(key, write);
  return stored === undefined ? result : updateFrom(ledger, key, rule, stored);
}
