import type { Key, Kind, StoredItems } from '../keys.ts';
import type { Ledger } from '../ports.ts';
import { type ItemUpdate, type Seen, updateSeen } from './update.ts';

/** An item that one pass goes on with: each change begins at what the pass saw last, and is read again only where others wrote. */
export interface Followed<K extends Kind> {
  /** What the pass saw last. May be out of date. */
  readonly last: () => StoredItems[K] | undefined;
  readonly update: <R>(
    rule: (item: StoredItems[K] | undefined) => ItemUpdate<StoredItems[K], R>,
  ) => Promise<R>;
}

/** `seen` left out: the first change reads the item. */
export function follow<K extends Kind>(
  ledger: Pick<Ledger, 'read' | 'write'>,
  key: Key<K>,
  seen?: Seen<StoredItems[K]>,
): Followed<K> {
  let last = seen;
  return {
    last: () => last?.item,
    update: async (rule) => {
      const updated = await updateSeen(ledger, key, rule, last);
      last = updated.seen;
      return updated.result;
    },
  };
}
