import { Unavailable } from '../../../errors.ts';
import type { Key, Kind, StoredItems } from '../keys.ts';
import type { Ledger } from '../ports.ts';

/** What a pure rule makes of an item: the item to write (none: leave it as it is) and what the caller learns. */
export interface ItemUpdate<T, R> {
  readonly write?: T;
  readonly result: R;
}

/** An item as it was last seen (undefined: there was none), and how often it had been written then. */
export interface Seen<T> {
  readonly item: T | undefined;
  readonly writes: number;
}

type Rule<T, R> = (item: T | undefined) => ItemUpdate<T, R>;

export interface Updated<T, R> {
  readonly result: R;
  /** The item after it. */
  readonly seen: Seen<T>;
}

// Contenders for one item are the few workers and API handlers of one moment; each round, one of them gets through.
const MOST_ROUNDS = 25;

/** `isOld`: others may have written since `from` was seen, so a rule that writes nothing decides once more over what is read. */
async function updateFrom<K extends Kind, R>(
  ledger: Pick<Ledger, 'read' | 'write'>,
  key: Key<K>,
  rule: Rule<StoredItems[K], R>,
  from: { readonly seen: Seen<StoredItems[K]>; readonly isOld: boolean },
): Promise<Updated<StoredItems[K], R>> {
  let { seen, isOld } = from;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const { write, result } = rule(seen.item);
    if (write === undefined) {
      if (!isOld) return { result, seen };
    } else if (await ledger.write(key, write, seen.writes)) {
      return { result, seen: { item: write, writes: seen.writes + 1 } };
    }
    seen = await readSeen(ledger, key);
    isOld = false;
  }
  throw new Unavailable('ledger', new Error(`${key.item} of ${key.network} is changed by too many at once`));
}

/** An item as it is now. */
export async function readSeen<K extends Kind>(
  ledger: Pick<Ledger, 'read'>,
  key: Key<K>,
): Promise<Seen<StoredItems[K]>> {
  return (await ledger.read(key)) ?? { item: undefined, writes: 0 };
}

/**
 * Applies a pure rule to one item: reads it, decides, writes only over what was read, and decides again when
 * another writer was faster. `from`, which may be out of date, replaces the first read. Throws `Unavailable('ledger')` if that
 * never ends.
 */
export async function updateSeen<K extends Kind, R>(
  ledger: Pick<Ledger, 'read' | 'write'>,
  key: Key<K>,
  rule: Rule<StoredItems[K], R>,
  from?: Seen<StoredItems[K]>,
): Promise<Updated<StoredItems[K], R>> {
  const seen = from ?? (await readSeen(ledger, key));
  return updateFrom(ledger, key, rule, { seen, isOld: from !== undefined });
}

/** The same for an item that was read just now. */
export function updateRead<K extends Kind, R>(
  ledger: Pick<Ledger, 'read' | 'write'>,
  key: Key<K>,
  rule: Rule<StoredItems[K], R>,
  seen: Seen<StoredItems[K]>,
): Promise<Updated<StoredItems[K], R>> {
  return updateFrom(ledger, key, rule, { seen, isOld: false });
}

/** The same, for a caller that needs only the result. */
export async function updateItem<K extends Kind, R>(
  ledger: Pick<Ledger, 'read' | 'write'>,
  key: Key<K>,
  rule: Rule<StoredItems[K], R>,
  from?: Seen<StoredItems[K]>,
): Promise<R> {
  return (await updateSeen(ledger, key, rule, from)).result;
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
  if (stored === undefined) return result;
  return (await updateFrom(ledger, key, rule, { seen: stored, isOld: false })).result;
}
