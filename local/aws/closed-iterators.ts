import type db from 'dynalite/db/index.js';

/**
 * Lets dynalite close the iterator of every query. It calls their `return`, which the iterators of its store do not have;
 * and an open one keeps every item as it was when the query began.
 */
export function closeIterators(dynalite: typeof db): void {
  const { create } = dynalite;
  dynalite.create = (options) => {
    const store = create(options);
    for (const kind of ['keys', 'values'] as const) {
      const open = store.db[kind].bind(store.db);
      store.db[kind] = (range) => {
        const iterator = open(range);
        return Object.assign(iterator, { return: () => iterator.close() });
      };
    }
    return store;
  };
}
