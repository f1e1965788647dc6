import { describe, expect, test } from '@jest/globals';
import { certificateKey, domainKey, networkKey } from '../../../lib/sync/ledger/keys.ts';
import { runNetworkWork } from '../../../lib/sync/network-work/run.ts';
import {
  APP,
  certificateItem,
  DAY,
  DOMAIN,
  delays,
  domainItem,
  HOUR,
  MINUTE,
  NETWORK,
  NOW,
  networkItem,
  OTHER_APP,
  row,
  settledItem,
} from '../../support/sync/items.ts';
import { reconcileWorld } from '../../support/sync/reconcile-world.ts';

const BAD = 'bad.example';
const claim = { ...APP, renewedAt: NOW, readAt: NOW };

describe('a domain that cannot be read', () => {
  test('is left alone, and nothing is asked for it', async () => {
    const world = reconcileWorld();
    await world.putDomain(domainItem());
    await world.ledger.spoil(domainKey(NETWORK, DOMAIN));
    await world.pass();
    expect(world.calls).toEqual([]);
    expect(world.reportDeferred).toEqual([]);
    expect(world.ledger.all('domain')).toEqual([domainItem()]);
  });

  test('keeps the dead letter that was moved back for it in its queue', async () => {
    const world = reconcileWorld();
    await world.putDomain(domainItem({ state: 'failed', dueAt: null, sendAt: null }));
    await world.ledger.spoil(domainKey(NETWORK, DOMAIN));
    await expect(world.pass(DOMAIN, { deadLetter: 1 })).rejects.toMatchObject({ name: 'UnreadableItem' });
  });

  test('does not end a requeue of the others', async () => {
    const world = reconcileWorld();
    await world.putNetwork(
      networkItem({ requeue: { reason: 'resumed', cursor: null }, dueAt: NOW, sendAt: NOW, revision: 1 }),
    );
    for (const domain of ['a.example', BAD, 'c.example']) {
      await world.putDomain(domainItem({ domain, state: 'paused', dueAt: NOW + 20 * MINUTE }));
    }
    await world.ledger.spoil(domainKey(NETWORK, BAD));
    await runNetworkWork(NETWORK, NOW + 5 * MINUTE, world.services);
    for (const domain of ['a.example', 'c.example']) {
      expect((await world.domain(domain)).dueAt).toBeLessThan(NOW + 20 * MINUTE);
    }
    expect((await world.network()).requeue).toBeNull();
  });

  test('does not end the comparison, which says nothing about its row', async () => {
    const old = new Date(NOW - DAY).toISOString();
    const world = reconcileWorld({
      rows: [row({ id: 5, name: BAD }), row({ id: 6, name: 'foreign.example' })],
    });
    await world.putNetwork(networkItem({ claim, comparison: { dueAt: NOW, begunAt: null } }));
    await world.putDomain(settledItem({ domain: BAD, since: old }));
    await world.putDomain(settledItem({ domain: 'gone.example', since: old, runcloudId: null }));
    await world.ledger.spoil(domainKey(NETWORK, BAD));
    await runNetworkWork(NETWORK, NOW + 5 * MINUTE, world.services);
    expect((await world.network()).drift).toMatchObject({
      missing: { names: ['gone.example'] },
      unknown: { names: ['foreign.example'] },
    });
  });

  test('does not hold back its sibling', async () => {
    const world = reconcileWorld({ rows: [row({ id: 5, name: DOMAIN, www: true })] });
    const runcloudId = { id: 5, ...APP };
    await world.putDomain(domainItem({ wanted: 'absent', runcloudId, wwwServed: true, state: 'removing' }));
    await world.putDomain(settledItem({ domain: `www.${DOMAIN}` }));
    await world.ledger.spoil(domainKey(NETWORK, `www.${DOMAIN}`));
    await world.pass();
    expect(await world.domain()).toMatchObject({ state: 'absent', dueAt: null });
  });
});

describe('a certificate that cannot be read', () => {
  test('keeps its domain open, for the request for it cannot be raised; what was seen of the domain stays', async () => {
    const world = reconcileWorld();
    await world.putDomain(domainItem());
    await world.put(certificateKey(NETWORK, DOMAIN), certificateItem());
    await world.ledger.spoil(certificateKey(NETWORK, DOMAIN));
    await world.pass();
    const dueAt = NOW + delays.resendMs;
    expect(await world.domain()).toMatchObject({
      runcloudId: APP,
      crashes: 0,
      owner: null,
      dueAt,
      sendAt: dueAt,
    });
    world.ledger.put(certificateKey(NETWORK, DOMAIN), certificateItem({ wanted: false, state: 'none' }));
    await world.time.advance(delays.resendMs);
    await world.pass();
    expect(await world.domain()).toMatchObject({ state: 'present', dueAt: null });
    expect(await world.certificate()).toMatchObject({ wanted: true, state: 'pending' });
    expect(world.ops().filter((op) => op === 'add')).toHaveLength(1);
  });

  test('does not keep its domain from moving with the network', async () => {
    const world = reconcileWorld();
    await world.putNetwork(
      networkItem({
        claim,
        requeue: { reason: 'moved', cursor: null },
        dueAt: NOW,
        sendAt: NOW,
        revision: 1,
      }),
    );
    await world.putDomain(settledItem({ runcloudId: { id: 5, ...OTHER_APP } }));
    await world.put(certificateKey(NETWORK, DOMAIN), certificateItem());
    await world.ledger.spoil(certificateKey(NETWORK, DOMAIN));
    await runNetworkWork(NETWORK, NOW + 5 * MINUTE, world.services);
    expect(await world.domain()).toMatchObject({ state: 'pending', runcloudId: null });
  });
});

describe('a network that cannot be read', () => {
  test('holds its domains back by the long step, without counting a crash', async () => {
    const world = reconcileWorld();
    await world.putNetwork(networkItem());
    await world.putDomain(domainItem());
    await world.ledger.spoil(networkKey(NETWORK));
    await world.pass();
    expect(world.calls).toEqual([]);
    expect(await world.domain()).toMatchObject({
      state: 'pending',
      crashes: 0,
      owner: null,
      sendAt: NOW + delays.resendMs,
    });
  });

  test('is acknowledged by its own work', async () => {
    const world = reconcileWorld();
    await world.putNetwork(networkItem({ claim, comparison: { dueAt: NOW, begunAt: null } }));
    await world.ledger.spoil(networkKey(NETWORK));
    await runNetworkWork(NETWORK, NOW + HOUR, world.services);
    expect(world.calls).toEqual([]);
  });
});
