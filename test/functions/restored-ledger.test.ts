import { expect, test } from '@jest/globals';
import { receive } from '../../functions/domain-status.ts';
import { networkKey } from '../../lib/sync/ledger/keys.ts';
import { pauseRestored } from '../../lib/sync/network/restored/restored-ledger.ts';
import { answer, json } from '../support/api/api-world.ts';
import { listCall, putDomain, putNetwork, readWorld, statusCall } from '../support/api/read-world.ts';
import { DOMAIN, domainItem, NOW, networkItem, settledItem } from '../support/sync/items.ts';

const since = '2026-11-21T05:00:30.250Z';
const hosting = { state: 'paused', reason: 'ledger-restored', since };

async function restored() {
  const world = readWorld();
  const { write } = pauseRestored('demo', 'table-2', NOW)(networkItem());
  await putNetwork(world.ledger, write ?? networkItem());
  await putDomain(world.ledger, settledItem());
  await putDomain(world.ledger, domainItem({ domain: 'pending.acme-bikes.com' }));
  return world;
}

test('a domain of a restored ledger is shown as paused, also a settled one, with what ends it', async () => {
  const { services } = await restored();
  expect(json(await answer(receive, statusCall(DOMAIN), services))).toMatchObject({
    wanted: 'present',
    hosting: { ...hosting, nextTryAt: null },
    lastError: {
      code: 'ledger-restored',
      message: expect.stringMatching(/--remove-missing, then relay network resume demo$/),
      at: since,
    },
  });
});

test('so is each domain of the list', async () => {
  const { services } = await restored();
  expect(json(await answer(receive, listCall(), services))).toMatchObject({
    domains: [
      { domain: 'pending.acme-bikes.com', hosting },
      { domain: DOMAIN, hosting },
    ],
  });
});

test('any other pause, or an item of the network that cannot be read, leaves a domain as it is', async () => {
  const world = await restored();
  const pause = { code: 'runcloud-unauthorized', message: 'no', since, probeAt: NOW } as const;
  world.ledger.put(networkKey('demo'), networkItem({ pause }));
  const shown = async () => json(await answer(receive, statusCall(DOMAIN), world.services));
  expect(await shown()).toMatchObject({ hosting: { state: 'present' }, lastError: null });
  await world.ledger.spoil(networkKey('demo'));
  expect(await shown()).toMatchObject({ hosting: { state: 'present' } });
});
