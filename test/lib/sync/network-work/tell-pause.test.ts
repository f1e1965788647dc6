import { expect, test } from '@jest/globals';
import { RuncloudUnauthorized } from '../../../../lib/runcloud/errors.ts';
import { recordOutcome } from '../../../../lib/sync/network/pass-record.ts';
import { runNetworkWork } from '../../../../lib/sync/network-work/run.ts';
import { messageFor } from '../../../../lib/sync/sweep/messages.ts';
import { APP, DAY, DOMAIN, MINUTE, NETWORK, NOW, networkItem, written } from '../../../support/sync/items.ts';
import { reconcileWorld } from '../../../support/sync/reconcile-world.ts';

const error = new RuncloudUnauthorized('RunCloud refuses the token', { method: 'GET', path: '/domains' });
const record = {
  network: NETWORK,
  domain: DOMAIN,
  app: APP,
  callOutcome: { kind: 'failure', error } as const,
  calls: { made: 1, answered: 1 },
  announcedAgain: false,
  added: false,
  duplicated: false,
  now: NOW,
  probeMs: 15 * MINUTE,
};
const daily = networkItem({
  comparison: { dueAt: NOW + DAY, begunAt: null },
  dueAt: NOW + DAY,
  sendAt: NOW + DAY,
});

test('a pause is told at once, though the next work of the network is a day away', async () => {
  const paused = written(recordOutcome(record)(daily));
  const { dueAt, sendAt } = paused;
  expect(sendAt).toBe(NOW);
  const row = { network: NETWORK, item: 'network', sendAt: NOW, dueAt };
  expect(messageFor(row, 'network', NOW).delaySeconds).toBe(0);

  const world = reconcileWorld();
  await world.putNetwork(paused);
  await runNetworkWork(NETWORK, NOW + 5 * MINUTE, world.services);
  expect(world.ledger.all('outcome')).toMatchObject([
    { state: 'open', content: { type: 'network.paused', code: 'runcloud-unauthorized' } },
  ]);
  expect(world.ledger.all('notices')).toMatchObject([{ waiting: [{ code: 'network-paused' }] }]);
  expect(await world.network()).toMatchObject({ toSend: [], dueAt: NOW + DAY, sendAt: NOW + DAY });
});

test('the end of a pause is told with what it was', () => {
  const paused = { ...written(recordOutcome(record)(daily)), toSend: [] };
  const answered = { ...record, callOutcome: { kind: 'answered' } as const, now: NOW + MINUTE };
  expect(written(recordOutcome(answered)(paused)).toSend).toMatchObject([
    { type: 'network.resumed', code: 'runcloud-unauthorized', at: NOW + MINUTE },
  ]);
});
