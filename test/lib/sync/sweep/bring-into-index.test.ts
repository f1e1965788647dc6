import { describe, expect, test } from '@jest/globals';
import { Unavailable } from '../../../../lib/errors.ts';
import { certificateKey, networkKey } from '../../../../lib/sync/ledger/keys.ts';
import type { DueWork, Ledger } from '../../../../lib/sync/ledger/ports.ts';
import { bringIntoIndex } from '../../../../lib/sync/sweep/old-certificates.ts';
import { createBy } from '../../../doubles/create-by.ts';
import { memoryLedger } from '../../../doubles/ledger.ts';
import { certificateItem, NETWORK, NOW } from '../../../support/sync/items.ts';

const OTHER = 'other';

function work(network: string, domain: string): DueWork {
  return { network, item: certificateKey(network, domain).item, dueAt: NOW, sendAt: NOW };
}

/** Two networks with certificates that 0.1.0 has written. `fail` throws for the writes that fail. */
function oldWorld(fail: (network: string, item: string) => void = () => undefined) {
  const memory = memoryLedger();
  const works = [work(NETWORK, 'a.example'), work(OTHER, 'b.example'), work(NETWORK, 'c.example')];
  for (const [network, domain] of [
    [NETWORK, 'a.example'],
    [OTHER, 'b.example'],
    [NETWORK, 'c.example'],
  ] as const) {
    memory.put(certificateKey(network, domain), certificateItem({ network, domain }));
  }
  const written: string[] = [];
  const write: Ledger['write'] = async (key, item, writes) => {
    fail(key.network, key.item);
    written.push(`${key.network}/${key.item}`);
    return memory.write(key, item, writes);
  };
  const ledger: Ledger = { ...memory, write, create: createBy({ read: memory.read, write }) };
  const reported: [unknown, string][] = [];
  const report = (error: unknown, { item }: DueWork) => reported.push([error, item]);
  return { bring: () => bringIntoIndex(works, { ledger, report }), written, reported };
}

describe('certificates that 0.1.0 has written', () => {
  test('are written once more, after their network, which alone leads to them then', async () => {
    const { bring, written, reported } = oldWorld();
    expect(await bring()).toBeUndefined();
    expect(written).toEqual([
      `${NETWORK}/${networkKey(NETWORK).item}`,
      `${NETWORK}/certificate#a.example`,
      `${NETWORK}/certificate#c.example`,
      `${OTHER}/${networkKey(OTHER).item}`,
      `${OTHER}/certificate#b.example`,
    ]);
    expect(reported).toEqual([]);
  });

  test('stay as they are where their network cannot be written; those of other networks do not', async () => {
    const away = new Unavailable('ledger');
    const { bring, written, reported } = oldWorld((network, item) => {
      if (network === NETWORK && item === networkKey(NETWORK).item) throw away;
    });
    expect(await bring()).toBe(away);
    expect(written).toEqual([`${OTHER}/${networkKey(OTHER).item}`, `${OTHER}/certificate#b.example`]);
    expect(reported).toEqual([]);
  });

  test('hold up no other where one fails: a bug is reported with its item', async () => {
    const bug = new TypeError('cannot be written');
    const { bring, written, reported } = oldWorld((_network, item) => {
      if (item === 'certificate#a.example') throw bug;
    });
    expect(await bring()).toBeUndefined();
    expect(written).toContain(`${NETWORK}/certificate#c.example`);
    expect(written).toContain(`${OTHER}/certificate#b.example`);
    expect(reported).toEqual([[bug, 'certificate#a.example']]);
  });
});
