import db from 'dynalite/db/index.js';

let isClosing = false;

/**
 * Lets dynalite close the iterator of every query. It calls their `return`, which the iterators of its store do not have;
 * and an open one keeps every item as it was when the query began.
 */
export function closeIterators(): void {
  if (isClosing) return;
  isClosing = true;
  const { create } = db;
  db.create = (options) => {
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
