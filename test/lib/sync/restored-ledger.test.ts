import { expect, test } from '@jest/globals';
import { Unavailable } from '../../../lib/errors.ts';
import { identityKey, networkKey } from '../../../lib/sync/ledger/keys.ts';
import { updateItem } from '../../../lib/sync/ledger/updates/update.ts';
import { guardedLedger } from '../../../lib/sync/network/restored/guarded-ledger.ts';
import { pauseRestored, resumeRestored } from '../../../lib/sync/network/restored/restored-ledger.ts';
import { runNetworkWork } from '../../../lib/sync/network-work/run.ts';
import { reconcileDomain } from '../../../lib/sync/reconcile/reconcile.ts';
import { memoryLedger } from '../../doubles/ledger.ts';
import { manualClock } from '../../doubles/manual-clock.ts';
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
  settledItem,
} from '../../support/sync/items.ts';
import { reconcileWorld } from '../../support/sync/reconcile-world.ts';

const gone = 'gone.acme-bikes.com';

/**
 * A ledger of yesterday: a domain that the multisite has removed since is settled in it, one was still to be added, and the
 * daily comparison is long due. `owner`: the table that it says it lies in.
 */
async function yesterday(owner = 'table-1', describeTable = async () => ({ id: 'table-2', restored: true })) {
  const ledger = memoryLedger();
  const clock = manualClock(NOW);
  const reported: string[] = [];
  const guarded = guardedLedger(ledger, {
    clock,
    describeTable,
    reportPaused: (network) => reported.push(network),
  });
  const world = reconcileWorld({
    rows: [{ name: 'network.example', type: 'primary' }],
    services: { ledger: guarded },
  });
  await ledger.write(identityKey, { tableId: owner }, 0);
  await ledger.write(
    networkKey(NETWORK),
    networkItem({
      claim: { ...APP, renewedAt: NOW - HOUR, readAt: NOW - HOUR },
      comparison: { dueAt: NOW - HOUR, begunAt: null },
      dueAt: NOW - HOUR,
      sendAt: NOW - HOUR,
    }),
    0,
  );
  await world.putDomain(settledItem({ domain: gone, since: new Date(NOW - DAY).toISOString() }));
  await world.putDomain(domainItem());
  const work = async (): Promise<void> => {
    const deadlineAt = world.time.now() + 5 * MINUTE;
    await runNetworkWork(NETWORK, deadlineAt, world.services);
    for (const domain of [gone, DOMAIN])
      await reconcileDomain({ network: NETWORK, domain }, deadlineAt, world.services);
  };
  const domain = async (name: string) => {
    const page = await ledger.page('domain', NETWORK, undefined, 10);
    return page.items.find((item) => item.domain === name);
  };
  return { ...world, stored: ledger, work, domain, reported };
}

test('without the guard a removed domain comes back with the daily comparison', async () => {
  const world = await yesterday('table-2');
  for (let times = 0; times < 3; times += 1) {
    await world.work();
    await world.time.advance(MINUTE);
  }
  expect([...world.hosting.rows.values()].map(({ name }) => name)).toEqual(
    expect.arrayContaining([gone, DOMAIN]),
  );
});

test('a restored ledger makes no call, however often its work comes', async () => {
  const world = await yesterday();
  for (let times = 0; times < 8; times += 1) {
    await world.work();
    await world.time.advance(3 * HOUR);
  }
  expect(world.ops()).toEqual([]);
  expect(await world.domain(DOMAIN)).toMatchObject({
    state: 'paused',
    lastError: { code: 'ledger-restored' },
  });
  expect(await world.domain(gone)).toMatchObject({ state: 'present' });
  expect(world.reported).toEqual([NETWORK]);
});

test('its work comes back a probe later, not at once', async () => {
  const world = await yesterday();
  await world.work();
  await world.time.advance(HOUR);
  await world.work();
  const dueAt = (await world.domain(DOMAIN))?.dueAt ?? 0;
  expect(dueAt).toBeGreaterThanOrEqual(world.time.now() + 15 * MINUTE);
});

test('it tells the multisite and people that it waits, and that it goes on', async () => {
  const world = await yesterday();
  await world.work();
  await world.work();
  const told = () => world.stored.all('outcome').map(({ content }) => content);
  expect(told()).toMatchObject([{ type: 'network.paused', code: 'ledger-restored' }]);
  const notices = () => world.stored.all('notices').flatMap(({ waiting }) => waiting);
  expect(notices()).toMatchObject([
    { code: 'network-paused', fix: expect.stringMatching(/relay sync .*relay network resume/) },
  ]);
  await updateItem(world.stored, networkKey(NETWORK), resumeRestored(NETWORK, 'table-2', world.time.now()));
  await world.work();
  expect(told()).toContainEqual(
    expect.objectContaining({ type: 'network.resumed', code: 'ledger-restored' }),
  );
  expect(notices()).toContainEqual(
    expect.objectContaining({ code: 'network-resumed', message: expect.stringContaining('An operator') }),
  );
});

test('once it is resumed, its work goes on', async () => {
  const world = await yesterday();
  await world.work();
  await updateItem(world.stored, networkKey(NETWORK), resumeRestored(NETWORK, 'table-2', world.time.now()));
  for (let times = 0; times < 4; times += 1) {
    await world.work();
    await world.time.advance(5 * MINUTE);
  }
  expect(await world.domain(DOMAIN)).toMatchObject({ state: 'present' });
});

test('a pass that began before the pause neither ends nor replaces it', async () => {
  const world = await yesterday('table-2');
  const paused = async () => (await world.stored.read(networkKey(NETWORK)))?.item.pause?.code;
  const during = reconcileWorld({
    services: { ledger: world.stored },
    onCall: async () => {
      await updateItem(world.stored, networkKey(NETWORK), pauseRestored(NETWORK, null, NOW));
    },
  });
  await reconcileDomain({ network: NETWORK, domain: DOMAIN }, NOW + 5 * MINUTE, during.services);
  expect(during.ops()).toContain('add');
  expect(await paused()).toBe('ledger-restored');
});

test('while DynamoDB does not say which table it is, work is put off and no lease is left', async () => {
  const world = await yesterday('table-1', async () => {
    throw new Unavailable('ledger');
  });
  await reconcileDomain({ network: NETWORK, domain: DOMAIN }, NOW + 5 * MINUTE, world.services);
  expect(world.ops()).toEqual([]);
  expect(world.reportDeferred).toMatchObject([{ network: NETWORK, domain: DOMAIN, what: 'ledger' }]);
  const item = await world.domain(DOMAIN);
  expect(item).toMatchObject({ owner: null, crashes: 0 });
  expect(item?.sendAt).toBeLessThanOrEqual(world.time.now() + 10 * MINUTE);
});
