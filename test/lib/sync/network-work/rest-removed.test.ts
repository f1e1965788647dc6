import { expect, test } from '@jest/globals';
import { restRemoved } from '../../../../lib/sync/network-work/rest-removed.ts';
import { runNetworkWork } from '../../../../lib/sync/network-work/run.ts';
import { recordNotice } from '../../../../lib/sync/notices/record.ts';
import { DAY, domainItem, HOUR, MINUTE, NETWORK, NOW, networkItem } from '../../../support/sync/items.ts';
import { reconcileWorld } from '../../../support/sync/reconcile-world.ts';

const paused = { code: 'network-paused', message: 'RunCloud refuses the token', lasts: true } as const;

function removedWorld() {
  const world = reconcileWorld();
  const networks = { access: async () => undefined };
  return { world, passAfter: () => world.passWith({ ...world.services, networks }) };
}

test('the work of a network that an operator has removed rests, and nobody is told', async () => {
  const { world, passAfter } = removedWorld();
  await world.putNetwork(networkItem());
  await world.putDomain(domainItem());
  await restRemoved(world.ledger, NETWORK, NOW);
  await passAfter();
  expect(await world.domain()).toMatchObject({ state: 'paused', reason: 'secret-invalid' });
  expect(world.calls).toEqual([]);
  await world.time.advance(DAY);
  await passAfter();
  expect(await world.network()).toMatchObject({ pause: { code: 'secret-invalid' }, toSend: [] });
});

test('no mail reminds of a pause that it had', async () => {
  const { world } = removedWorld();
  await recordNotice(world.ledger, NETWORK, paused, NOW - HOUR);
  await restRemoved(world.ledger, NETWORK, NOW);
  expect(world.ledger.all('notices')).toMatchObject([{ lasting: [], waiting: [{ code: 'network-paused' }] }]);
});

test('its work goes on at once where its secret is restored', async () => {
  const { world } = removedWorld();
  await world.putNetwork(networkItem());
  await world.putDomain(domainItem());
  await restRemoved(world.ledger, NETWORK, NOW);
  await world.pass();
  expect((await world.domain()).state).toBe('present');
  expect(await world.network()).toMatchObject({ pause: null, toSend: [{ type: 'network.resumed' }] });
  await runNetworkWork(NETWORK, NOW + 5 * MINUTE, world.services);
  expect(world.ledger.all('notices').flatMap(({ waiting }) => waiting.map(({ code }) => code))).toContain(
    'network-resumed',
  );
});
