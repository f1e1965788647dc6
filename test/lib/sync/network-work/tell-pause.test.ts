import { describe, expect, test } from '@jest/globals';
import { type RelayError, Unavailable } from '../../../../lib/errors.ts';
import { RuncloudForbidden, RuncloudUnauthorized } from '../../../../lib/runcloud/errors.ts';
import { InvalidSecret } from '../../../../lib/settings/invalid-secret.ts';
import type { NetworkItem } from '../../../../lib/sync/ledger/items/network-item.ts';
import { recordOutcome } from '../../../../lib/sync/network/pass-record.ts';
import { pauseRestored, resumeRestored } from '../../../../lib/sync/network/restored/restored-ledger.ts';
import { runNetworkWork } from '../../../../lib/sync/network-work/run.ts';
import { messageFor } from '../../../../lib/sync/sweep/messages.ts';
import {
  APP,
  DAY,
  DOMAIN,
  domainItem,
  HOUR,
  MINUTE,
  NETWORK,
  NOW,
  networkItem,
  SECOND,
  written,
} from '../../../support/sync/items.ts';
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

test('a pause that cannot be told, because its item is throttled, keeps no domain from the requeue', async () => {
  const paused = { ...written(recordOutcome(record)(daily)), toSend: [] };
  const answered = { ...record, callOutcome: { kind: 'answered' } as const, now: NOW };
  const world = reconcileWorld();
  await world.putNetwork(written(recordOutcome(answered)(paused)));
  await world.putDomain(domainItem({ state: 'paused', dueAt: NOW + HOUR, sendAt: NOW + HOUR }));
  const { ledger } = world;
  const isHot = ({ kind }: { readonly kind: string }) => kind === 'notices';
  const hot: typeof ledger = {
    ...ledger,
    read: async (key) => (isHot(key) ? Promise.reject(new Unavailable('ledger')) : ledger.read(key)),
  };
  const work = () => runNetworkWork(NETWORK, NOW + 5 * MINUTE, { ...world.services, ledger: hot });
  await expect(work()).rejects.toThrow(Unavailable);
  expect((await world.domain()).dueAt).toBeLessThanOrEqual(NOW + 2 * MINUTE);
  // The sweep comes back for what is left.
  expect(await world.network()).toMatchObject({
    requeue: null,
    toSend: [{ type: 'network.resumed' }],
    sendAt: NOW + 1,
  });
  await runNetworkWork(NETWORK, NOW + 5 * MINUTE, world.services);
  expect(await world.network()).toMatchObject({ toSend: [], sendAt: NOW + DAY });
});

test('a pause whose outcome is throttled until its end is told is no reminder every day', async () => {
  const paused = written(recordOutcome(record)(daily));
  const answered = { ...record, callOutcome: { kind: 'answered' } as const, now: NOW + 1 };
  const world = reconcileWorld();
  await world.putNetwork(written(recordOutcome(answered)(paused)));
  const { ledger } = world;
  const write: typeof ledger.write = (key, item, writes) =>
    key.item.includes('-paused-')
      ? Promise.reject(new Unavailable('ledger'))
      : ledger.write(key, item, writes);
  const hot = { ...world.services, ledger: { ...ledger, write } };
  await expect(runNetworkWork(NETWORK, NOW + 5 * MINUTE, hot)).rejects.toThrow(Unavailable);
  expect(await world.network()).toMatchObject({ toSend: [{ type: 'network.paused' }] });
  await runNetworkWork(NETWORK, NOW + 5 * MINUTE, world.services);
  expect(await world.network()).toMatchObject({ toSend: [] });
  expect(world.ledger.all('notices')).toMatchObject([{ lasting: [] }]);
  expect(world.ledger.all('outcome').map(({ content }) => content.type)).toEqual(
    expect.arrayContaining(['network.paused', 'network.resumed']),
  );
});

describe('the moments of a network', () => {
  const answered = { ...record, callOutcome: { kind: 'answered' } as const };
  const told = (item: NetworkItem): NetworkItem => ({ ...item, toSend: [] });

  test('follow each other, though the clocks of the workers differ', () => {
    const paused = told(written(recordOutcome({ ...record, now: NOW })(daily)));
    const resumed = told(written(recordOutcome({ ...answered, now: NOW - SECOND })(paused)));
    const again = written(recordOutcome({ ...record, now: NOW - 2 * SECOND })(resumed));
    expect(again.toSend).toMatchObject([{ type: 'network.paused', at: NOW + 2 }]);
  });

  test('follow those that a version has left which did not note the last', () => {
    const { momentAt, ...paused } = written(recordOutcome(record)(daily));
    expect(momentAt).toBe(NOW);
    expect(written(recordOutcome(answered)(paused)).toSend.map(({ at }) => at)).toEqual([NOW, NOW + 1]);
  });

  test('follow each other where an operator ends a pause', () => {
    const paused = told(written(pauseRestored(NETWORK, null, NOW)(daily)));
    const resumed = written(resumeRestored(NETWORK, null, NOW - SECOND)(paused));
    expect(resumed.toSend).toMatchObject([{ type: 'network.resumed', at: NOW + 1 }]);
  });
});

describe('another cause of a pause that goes on', () => {
  const probed = (cause: RelayError, afterMs: number) => (item: NetworkItem) =>
    recordOutcome({ ...record, now: NOW + afterMs, callOutcome: { kind: 'failure', error: cause } })(item);
  const forbidden = new RuncloudForbidden('The token may not', { method: 'POST', path: '/domains' });
  const toldOf = ({ toSend }: NetworkItem) => toSend.map(({ type, code }) => `${type} ${code}`);

  test('is told, so that no reminder asks for what is done already', async () => {
    const world = reconcileWorld();
    const paused = written(recordOutcome(record)(daily));
    await world.putNetwork(paused);
    await runNetworkWork(NETWORK, NOW + 5 * MINUTE, world.services);
    await world.putNetwork(written(probed(forbidden, 15 * MINUTE)(await world.network())));
    await runNetworkWork(NETWORK, NOW + 20 * MINUTE, world.services);
    expect(world.ledger.all('notices')).toMatchObject([
      {
        lasting: [
          {
            code: 'network-paused',
            message: 'Paused (runcloud-forbidden): The token may not at POST /domains',
          },
        ],
      },
    ]);
    expect(world.ledger.all('outcome').map(({ content }) => content)).toMatchObject([
      { type: 'network.paused', code: 'runcloud-unauthorized' },
      { type: 'network.paused', code: 'runcloud-forbidden', since: paused.pause?.since },
    ]);
  });

  test('is told where the secret has another fault than before', () => {
    const first = written(probed(new InvalidSecret('is not valid JSON'), 0)(daily));
    const second = new InvalidSecret([{ key: 'RELAY_SECRET', message: 'is missing' }]);
    expect(written(probed(second, 15 * MINUTE)(first)).toSend).toMatchObject([
      { message: 'The secret is not valid JSON' },
      { message: 'The secret is faulty: RELAY_SECRET is missing' },
    ]);
  });

  test('is not told where RunCloud only refuses another call', () => {
    const elsewhere = new RuncloudUnauthorized('RunCloud refuses it', { method: 'POST', path: '/ssl' });
    const paused = written(recordOutcome(record)(daily));
    expect(toldOf(written(probed(elsewhere, 15 * MINUTE)(paused)))).toEqual([
      'network.paused runcloud-unauthorized',
    ]);
  });

  test('is told ever less often where two causes take turns, and in the end rightly', () => {
    let item = written(recordOutcome(record)(daily));
    for (let probe = 1; probe <= 96; probe += 1)
      item = written(probed(probe % 2 === 0 ? error : forbidden, probe * 15 * MINUTE)(item));
    expect(toldOf(item).length).toBeLessThan(10);
    expect(item.toSend.at(-1)?.code).toBe(item.pause?.told?.code);
    const days = (count: number) => count * DAY;
    const steady = written(probed(forbidden, days(4))(item));
    expect(steady.toSend.at(-1)).toMatchObject({ code: 'runcloud-forbidden' });
  });
});
