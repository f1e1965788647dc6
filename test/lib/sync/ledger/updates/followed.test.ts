import { describe, expect, test } from '@jest/globals';
import type { NetworkItem } from '../../../../../lib/sync/ledger/items/network-item.ts';
import { networkKey } from '../../../../../lib/sync/ledger/keys.ts';
import { follow } from '../../../../../lib/sync/ledger/updates/followed.ts';
import { updateItem } from '../../../../../lib/sync/ledger/updates/update.ts';
import { memoryLedger } from '../../../../doubles/ledger.ts';
import { NETWORK, networkItem } from '../../../../support/sync/items.ts';

const key = networkKey(NETWORK);

function raised(item: NetworkItem = networkItem()) {
  return { write: { ...item, revision: item.revision + 1 }, result: item.revision };
}

/** A ledger that counts its reads. */
function counted() {
  const ledger = memoryLedger();
  const asked = { reads: 0 };
  const read: typeof ledger.read = (wanted) => {
    asked.reads += 1;
    return ledger.read(wanted);
  };
  return { ledger: { ...ledger, read }, asked };
}

describe('a followed item', () => {
  test('is read once, for the first change, and not for those that follow', async () => {
    const { ledger, asked } = counted();
    const followed = follow(ledger, key);
    expect([await followed.update(raised), await followed.update(raised)]).toEqual([0, 1]);
    expect(asked.reads).toBe(1);
    expect(followed.last()?.revision).toBe(2);
  });

  test('that was seen before is not read at all', async () => {
    const { ledger, asked } = counted();
    await follow(ledger, key, { item: undefined, writes: 0 }).update(raised);
    expect(asked.reads).toBe(0);
  });

  test('that another has written since is read, and decided about again', async () => {
    const { ledger } = counted();
    const followed = follow(ledger, key);
    await followed.update(raised);
    await updateItem(ledger, key, raised);
    expect(await followed.update(raised)).toBe(2);
    expect((await ledger.read(key))?.item.revision).toBe(3);
  });

  test('is never left alone for what it was: a rule that writes nothing decides over what is read', async () => {
    const { ledger } = counted();
    const followed = follow(ledger, key);
    await followed.update(raised);
    await updateItem(ledger, key, raised);
    expect(await followed.update((item) => ({ result: item?.revision }))).toBe(2);
  });
});
