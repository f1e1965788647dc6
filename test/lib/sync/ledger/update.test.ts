import { describe, expect, test } from '@jest/globals';
import { networkKey } from '../../../../lib/sync/ledger/keys.ts';
import type { NetworkItem } from '../../../../lib/sync/ledger/network-item.ts';
import { updateItem } from '../../../../lib/sync/ledger/update.ts';
import { memoryLedger } from '../../../doubles/ledger.ts';
import { NETWORK, networkItem } from '../../../support/items.ts';

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
