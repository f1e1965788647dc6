import { expect, test } from '@jest/globals';
import { movedDomains } from '../../../lib/connection/moved-domains.ts';
import { memoryLedger } from '../../doubles/ledger.ts';
import { putDomain } from '../../support/api/read-world.ts';
import { APP, OTHER_APP, settledItem } from '../../support/sync/items.ts';

async function filled(count: number) {
  const ledger = memoryLedger();
  for (let index = 0; index < count; index += 1) {
    const runcloudId = { id: index + 1, ...OTHER_APP };
    await putDomain(ledger, settledItem({ domain: `d${index}.example.com`, runcloudId }));
  }
  return ledger;
}

test('counts wanted domains by the application they were seen at', async () => {
  const ledger = await filled(2);
  const third = { serverId: '41', appId: '6' };
  await putDomain(ledger, settledItem({ domain: 'a.example.com', runcloudId: { id: 9, ...third } }));
  await putDomain(ledger, settledItem({ domain: 'here.example.com' }));
  await putDomain(ledger, settledItem({ domain: 'new.example.com', runcloudId: null }));
  await putDomain(
    ledger,
    settledItem({ domain: 'z.example.com', wanted: 'absent', runcloudId: { id: 8, ...third } }),
  );
  expect(await movedDomains(ledger, 'demo', APP)).toEqual([
    { ...third, count: 1, atLeast: false },
    { ...OTHER_APP, count: 2, atLeast: false },
  ]);
});

test('reads every page', async () =>
  expect(await movedDomains(await filled(450), 'demo', APP)).toEqual([
    { ...OTHER_APP, count: 450, atLeast: false },
  ]));

test('stops after a thousand, and says that there may be more', async () =>
  expect(await movedDomains(await filled(1_001), 'demo', APP)).toEqual([
    { ...OTHER_APP, count: 1_000, atLeast: true },
  ]));
