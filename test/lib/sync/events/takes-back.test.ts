import { describe, expect, test } from '@jest/globals';
import { takesBackRemoval } from '../../../../lib/sync/events/takes-back.ts';
import type { DomainItem } from '../../../../lib/sync/ledger/items/domain-item.ts';
import { domainKey } from '../../../../lib/sync/ledger/keys.ts';
import { memoryLedger } from '../../../doubles/ledger.ts';
import { settledItem, update } from '../../../support/sync/items.ts';

const announced = update();

async function asked(item: DomainItem | undefined) {
  const ledger = memoryLedger();
  if (item !== undefined) ledger.put(domainKey(item.network, item.domain), item);
  return takesBackRemoval(ledger, announced);
}

describe('an announcement may take a removal back', () => {
  test('where the domain is to be removed', async () => {
    expect(await asked(settledItem({ wanted: 'absent' }))).toBe(true);
  });

  test('where it has been recorded before: the first answer to it was lost', async () => {
    expect(await asked(settledItem({ version: announced.version }))).toBe(true);
  });

  test('not where the domain is wanted by another update, nor where it is unknown', async () => {
    expect(await asked(settledItem())).toBe(false);
    expect(await asked(undefined)).toBe(false);
  });
});
