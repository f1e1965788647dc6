import { describe, expect, test } from '@jest/globals';
import type { NetworkItem } from '../../../../../lib/sync/ledger/items/network-item.ts';
import { networkKey } from '../../../../../lib/sync/ledger/keys.ts';
import type { Ledger } from '../../../../../lib/sync/ledger/ports.ts';
import { createOrUpdateItem, updateItem } from '../../../../../lib/sync/ledger/updates/update.ts';
import { memoryLedger } from '../../../../doubles/ledger.ts';
import { NETWORK, networkItem } from '../../../../support/sync/items.ts';

const key = networkKey(NETWORK);

function raised(item: NetworkItem = networkItem()) {
  return {
    write: { ...item, revision: item.revision + 1 },
    result: item.revision,
  };
}

describe('a change', () => {
  test('begins with nothing where nothing is stored', async () => {
    const ledger = memoryLedger();
    expect(await updateItem(ledger, key, raised)).toBe(0);
    expect((await ledger.read(key))?.item.revision).toBe(1);
  });

  test('that writes nothing only returns its result', async () => {
    const ledger = memoryLedger();
    await ledger.write(key, networkItem(), 0);
    expect(await updateItem(ledger, key, (item) => ({ result: item?.network }))).toBe(NETWORK);
    expect((await ledger.read(key))?.writes).toBe(1);
  });

  test('decides again over what a faster writer wrote', async () => {
    const ledger = memoryLedger();
    let intruders = 2;
    const busy = {
      ...ledger,
      write: async (...args: Parameters<typeof ledger.write>) => {
        if (intruders-- > 0) await updateItem(ledger, key, raised);
        return ledger.write(...args);
      },
    };
    expect(await updateItem(busy, key, raised)).toBe(2);
    expect((await ledger.read(key))?.item.revision).toBe(3);
  });

  test('of a new item is written without a read, and decided again where one is there', async () => {
    const ledger = memoryLedger();
    const reads: string[] = [];
    const seen: Ledger = {
      ...ledger,
      read: (wanted) => {
        reads.push(wanted.item);
        return ledger.read(wanted);
      },
    };
    expect(await createOrUpdateItem(seen, key, raised)).toBe(0);
    expect(await createOrUpdateItem(seen, key, raised)).toBe(1);
    expect(reads).toEqual([]);
    expect(await ledger.read(key)).toMatchObject({ item: { revision: 2 }, writes: 2 });
  });

  test('that writes nothing of a new item reads the one that is there', async () => {
    const ledger = memoryLedger();
    await ledger.write(key, networkItem(), 0);
    const found = (item: NetworkItem | undefined) => ({ result: item?.network });
    expect(await createOrUpdateItem(ledger, key, found)).toBe(NETWORK);
    expect((await ledger.read(key))?.writes).toBe(1);
  });

  test('loses none of many made at once', async () => {
    const ledger = memoryLedger();
    const results = await Promise.all(Array.from({ length: 20 }, () => updateItem(ledger, key, raised)));
    expect(new Set(results).size).toBe(20);
    expect((await ledger.read(key))?.item.revision).toBe(20);
  });

  test('gives up as an unavailable ledger when others are always faster', async () => {
    const ledger = { ...memoryLedger(), write: async () => false };
    await expect(updateItem(ledger, key, raised)).rejects.toMatchObject({
      name: 'Unavailable',
      what: 'ledger',
    });
  });
});
