import { beforeAll, describe, expect, test } from '@jest/globals';
import type db from 'dynalite/db/index.js';
import { loadDynalite } from '../../../local/aws/load-dynalite.ts';

type Store = ReturnType<typeof db.create>;

describe('dynalite', () => {
  let store: Store;
  beforeAll(async () => {
    await loadDynalite();
    const { default: made } = await import('dynalite/db/index.js');
    store = made.create({});
    for (const key of ['a', 'b', 'c']) await store.db.put(key, { key });
  });

  /** Reads so many values as a query does. The iterator that it used. */
  async function query(most: number) {
    const opened: ReturnType<Store['db']['values']>[] = [];
    const { values } = store.db;
    store.db.values = (range) => {
      const iterator = values(range);
      opened.push(iterator);
      return iterator;
    };
    const found: unknown[] = [];
    for await (const value of store.db.createValueStream({})) {
      found.push(value);
      if (found.length === most) break;
    }
    store.db.values = values;
    return { found, iterator: opened[0] };
  }

  test('its store keeps texts', () => {
    expect(store.db.supports.encodings).toEqual({ json: true, utf8: true });
  });

  test.each([
    ['that has read everything', 9, 3],
    ['that stops at its limit', 1, 1],
  ])('the iterator of a query %s is closed', async (_which, most, count) => {
    const { found, iterator } = await query(most);
    expect(found).toHaveLength(count);
    await expect(iterator?.next()).rejects.toMatchObject({ code: 'LEVEL_ITERATOR_NOT_OPEN' });
  });
});
