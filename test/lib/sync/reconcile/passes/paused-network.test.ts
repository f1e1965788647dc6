import { describe, expect, test } from '@jest/globals';
import {
  RuncloudForbidden,
  RuncloudNotFound,
  RuncloudRefused,
  RuncloudTimeout,
  RuncloudUnavailable,
} from '../../../../../lib/runcloud/errors.ts';
import { InvalidSecret } from '../../../../../lib/settings/invalid-secret.ts';
import { claimKey } from '../../../../../lib/sync/ledger/keys.ts';
import { APP, DOMAIN, delays, domainItem, HOUR, MINUTE, NOW, row } from '../../../../support/sync/items.ts';
import { reconcileWorld } from '../../../../support/sync/reconcile-world.ts';
import { madeCall, pause, pausedNetwork, removal, throwing, unauthorized } from './failing-calls.ts';

describe('a pass of a paused network', () => {
  test('before its probe asks nothing of RunCloud and waits until after the probe', async () => {
    const world = reconcileWorld();
    await world.putDomain(domainItem());
    await world.putNetwork(pausedNetwork(NOW + MINUTE));
    await world.pass();
    expect(world.ops()).toEqual([]);
    expect(world.asked).toEqual([]);
    expect(await world.domain()).toMatchObject({
      state: 'paused',
      reason: 'runcloud-unauthorized',
      dueAt: NOW + MINUTE + 0.5 * delays.probeSpreadMs,
      attempts: 0,
    });
  });

  test('wins the probe when it is time, and moves the next one away first', async () => {
    const world = reconcileWorld({ onCall: throwing(unauthorized) });
    await world.putDomain(domainItem());
    await world.putNetwork(pausedNetwork(NOW));
    await world.pass();
    expect(world.ops()).toEqual(['add']);
    expect((await world.network()).pause?.probeAt).toBe(NOW + delays.probeMs);
  });

  test('is one pass for each probe, however many are due', async () => {
    const world = reconcileWorld({ onCall: throwing(unauthorized) });
    const names = ['a.example', 'b.example', 'c.example'];
    for (const domain of names) await world.putDomain(domainItem({ domain }));
    await world.putNetwork(pausedNetwork(NOW));
    await Promise.all(names.map((domain) => world.pass(domain)));
    expect(world.ops()).toHaveLength(1);
  });

  test('reads the secret afresh for the probe', async () => {
    const world = reconcileWorld();
    await world.putDomain(domainItem());
    await world.putNetwork(pausedNetwork(NOW));
    await world.pass();
    expect(world.asked).toEqual([{ fresh: true }]);
  });

  test('ends the pause with an answer about its domain, and requeues the others', async () => {
    const world = reconcileWorld();
    await world.putDomain(domainItem());
    await world.putNetwork(pausedNetwork(NOW));
    await world.pass();
    expect(await world.domain()).toMatchObject({ state: 'present', dueAt: null });
    expect(await world.network()).toMatchObject({
      pause: null,
      requeue: { reason: 'resumed', cursor: null },
      sendAt: NOW,
    });
    expect(world.reports[0]?.found.transition).toBe('resumed');
  });

  test('ends the pause also with a refusal of its domain: RunCloud has read it and answered', async () => {
    const refused = () => new RuncloudRefused('No', { method: 'POST', path: '/domains', status: 422 });
    const world = reconcileWorld({ onCall: throwing(refused, 'add') });
    await world.putDomain(domainItem());
    await world.putNetwork(pausedNetwork(NOW));
    await world.pass();
    expect((await world.network()).pause).toBeNull();
  });

  test('ends the pause also where its domain must never be touched', async () => {
    const world = reconcileWorld({ rows: [row({ type: 'primary' })] });
    await world.putDomain(removal());
    await world.putNetwork(pausedNetwork(NOW));
    await world.pass();
    expect(await world.domain()).toMatchObject({ state: 'present', reason: 'primary-domain' });
    expect((await world.network()).pause).toBeNull();
  });

  test('does not end the pause with a failure that passes', async () => {
    const lost = () => new RuncloudTimeout('No answer', { ...madeCall, unanswered: true });
    const world = reconcileWorld({ onCall: throwing(lost, 'add') });
    await world.putDomain(domainItem());
    await world.putNetwork(pausedNetwork(NOW));
    await world.pass();
    expect((await world.network()).pause).not.toBeNull();
  });

  test('comes back among all others at the next probe if its own did not help', async () => {
    const world = reconcileWorld({ onCall: throwing(unauthorized) });
    await world.putDomain(domainItem());
    await world.putNetwork(pausedNetwork(NOW));
    await world.pass();
    expect(await world.domain()).toMatchObject({
      state: 'paused',
      dueAt: NOW + delays.probeMs + 0.5 * delays.probeSpreadMs,
    });
  });

  test('leaves the next probe to others if its failure concerns its domain alone', async () => {
    const world = reconcileWorld({
      onCall: throwing(() => new RuncloudUnavailable('RunCloud failed', { ...madeCall, status: 500 })),
    });
    await world.putDomain(domainItem());
    await world.putNetwork(pausedNetwork(NOW));
    await world.pass();
    const item = await world.domain();
    expect(item).toMatchObject({
      state: 'pending',
      attempts: 1,
      lastError: { code: 'runcloud-unavailable' },
    });
    expect(item?.dueAt).toBeLessThan(NOW + delays.probeMs);
    expect((await world.network()).pause).not.toBeNull();
  });

  test('is not ended by a listing that was read before it began', async () => {
    const world = reconcileWorld({ rows: [row()] });
    const seen = domainItem({ answered: true });
    await world.putDomain({ ...seen, domain: 'first.example' });
    await world.pass('first.example');
    await world.putDomain(seen);
    // The pause begins while the pass that needs no call is under way.
    const { networks } = world.services;
    const racing = {
      ...world.services,
      networks: {
        access: async (...asked: Parameters<typeof networks.access>) => {
          await world.putNetwork({ ...(await world.network()), pause: { ...pause, probeAt: NOW + HOUR } });
          return networks.access(...asked);
        },
      },
    };
    await world.passWith(racing);
    expect((await world.network()).pause).not.toBeNull();
  });
});

describe('a network is paused', () => {
  test('when there is no secret', async () => {
    const world = reconcileWorld({ access: () => undefined });
    await world.putDomain(domainItem());
    await world.pass();
    expect((await world.network()).pause?.code).toBe('secret-invalid');
    expect(await world.domain()).toMatchObject({ state: 'paused', reason: 'secret-invalid', toSend: [] });
  });

  test('when the secret is faulty', async () => {
    const access = () => {
      throw new InvalidSecret([{ key: 'WU_RUNCLOUD_APP_ID', message: 'is missing' }]);
    };
    const world = reconcileWorld({ access });
    await world.putDomain(domainItem());
    await world.pass();
    expect((await world.network()).pause).toMatchObject({
      code: 'secret-invalid',
      message: 'The secret is faulty: WU_RUNCLOUD_APP_ID is missing',
    });
  });

  test('when its owner pauses it, and nothing is asked of RunCloud', async () => {
    const world = reconcileWorld({ access: { paused: true } });
    await world.putDomain(domainItem());
    await world.pass();
    expect((await world.network()).pause?.code).toBe('paused');
    expect(world.ops()).toEqual([]);
    expect(await world.domain()).toMatchObject({
      state: 'paused',
      dueAt: NOW + delays.probeMs + 0.5 * delays.probeSpreadMs,
    });
  });

  test('when its application is another network’s', async () => {
    const world = reconcileWorld();
    await world.put(claimKey(APP.serverId, APP.appId), { network: 'other', renewedAt: NOW });
    await world.putDomain(domainItem());
    await world.pass();
    expect((await world.network()).pause?.code).toBe('app-claimed');
    expect(world.ops()).toEqual([]);
  });

  test('when RunCloud does not know the application', async () => {
    const world = reconcileWorld({
      onCall: throwing(() => new RuncloudNotFound('Unknown', { ...madeCall, status: 404 })),
    });
    await world.putDomain(domainItem());
    await world.pass();
    expect((await world.network()).pause?.code).toBe('runcloud-not-found');
    expect(world.reports[0]?.found.transition).toBe('paused');
  });

  test('at the second domain that is forbidden, not at the first', async () => {
    const world = reconcileWorld({
      onCall: throwing(() => new RuncloudForbidden('Not allowed', { ...madeCall, status: 403 })),
    });
    await world.putDomain(domainItem());
    await world.putDomain(domainItem({ domain: 'second.example' }));
    await world.pass();
    expect(await world.network()).toMatchObject({ pause: null, suspicion: { domain: DOMAIN } });
    expect(await world.domain()).toMatchObject({ state: 'pending', attempts: 1 });
    await world.pass('second.example');
    expect((await world.network()).pause?.code).toBe('runcloud-forbidden');
    expect(await world.domain('second.example')).toMatchObject({ state: 'paused', attempts: 0 });
  });
});
