import { describe, expect, test } from '@jest/globals';
import { RuncloudUnauthorized, RuncloudUnavailable } from '../../../../lib/runcloud/errors.ts';
import { toInstant } from '../../../../lib/sync/ledger/time.ts';
import { requestCertificate } from '../../../../lib/sync/ledger/work/certificate-request.ts';
import { certificateWorld, timing } from '../../../support/certificates/certificate-world.ts';
import {
  DAY,
  DOMAIN,
  delays,
  HOUR,
  MINUTE,
  NETWORK,
  NOW,
  OTHER_APP,
  SECOND,
  settledItem,
} from '../../../support/sync/items.ts';

/** The first order never reaches RunCloud, and a server without a certificate does not listen. */
async function lostOrder(mode: 'basic' | 'advanced') {
  const world = certificateWorld({ mode });
  world.state.silent = true;
  await world.arrive();
  await world.live(20 * SECOND);
  expect(world.orders).toHaveLength(1);
  world.runcloud.installed.clear();
  return world;
}

describe('a silent server', () => {
  test.each(['basic', 'advanced'] as const)(
    'of which RunCloud says in %s mode that it has no certificate has its lost order made again',
    async (mode) => {
      const world = await lostOrder(mode);
      await world.live(25 * MINUTE);
      expect(world.orders).toHaveLength(1);
      await world.live(6 * HOUR);
      expect(world.orders.length).toBeGreaterThan(1);
      world.state.silent = false;
      await world.live(6 * HOUR);
      expect(await world.request()).toMatchObject({ state: 'valid' });
    },
  );

  test('whose certificate was removed has a new one ordered, though it was valid before', async () => {
    const world = certificateWorld({ mode: 'advanced' });
    await world.arrive();
    await world.live(2 * MINUTE);
    expect(await world.request()).toMatchObject({ state: 'valid' });
    world.runcloud.installed.clear();
    world.state.silent = true;
    await world.live(2 * DAY);
    expect(world.orders.length).toBeGreaterThan(1);
  });

  test.each([
    { title: 'at once', awayMs: 3 * MINUTE },
    { title: 'an hour later', awayMs: HOUR },
  ])(
    'whose domain is removed and added again $title has nothing ordered for what is installed',
    async ({ awayMs }) => {
      const world = certificateWorld();
      world.state.silent = true;
      await world.arrive();
      await world.live(HOUR);
      const { domain, runcloudId } = (await world.domain()) ?? settledItem({ domain: DOMAIN });
      for (let n = 0; n < 3; n += 1) {
        world.putDomain({ domain, wanted: 'absent' });
        await world.putRequest({ dueAt: world.clock.now(), sendAt: world.clock.now() });
        await world.pass();
        expect(await world.request()).toMatchObject({ state: 'none', wanted: false });
        await world.live(awayMs);
        world.putDomain({ domain, runcloudId });
        const { batchMs } = timing;
        await requestCertificate(world.ledger, {
          network: NETWORK,
          domain,
          now: world.clock.now(),
          arrived: true,
          newRow: false,
          batchMs,
        });
        await world.live(HOUR);
        expect(await world.request()).toMatchObject({ state: 'requested', reason: 'unverified' });
      }
      expect(world.orders).toHaveLength(1);
      // A name that was never in it still has its first order.
      await world.arrive('other.example');
      await world.live(HOUR);
      expect(world.orders).toHaveLength(2);
      world.runcloud.installed.clear();
      // By now RunCloud is asked about the application once a day.
      await world.live(30 * HOUR);
      expect(world.orders.length).toBeGreaterThan(2);
    },
  );

  test('says nothing while RunCloud cannot be asked', async () => {
    let away = false;
    const world = certificateWorld({
      onCall: async ({ op }) => {
        if (away && op === 'find')
          throw new RuncloudUnavailable('no answer', { method: 'GET', path: '/ssl' });
      },
    });
    world.state.silent = true;
    await world.arrive();
    await world.live(20 * SECOND);
    world.runcloud.installed.clear();
    away = true;
    await world.live(DAY);
    expect(world.orders).toHaveLength(1);
    expect(await world.request()).toMatchObject({ state: 'requested', reason: 'unverified' });
  });
});

test('a question that RunCloud denies lifts no pause', async () => {
  let denies = false;
  const world = certificateWorld({
    onCall: async ({ op }) => {
      if (denies && op === 'find') throw new RuncloudUnauthorized('no', { method: 'GET', path: '/ssl' });
    },
  });
  world.state.silent = true;
  await world.arrive();
  await world.live(20 * SECOND);
  const { probeMs } = delays;
  const pause = {
    code: 'runcloud-unauthorized',
    message: 'no',
    since: toInstant(NOW),
    probeAt: NOW,
  } as const;
  await world.time.advance(HOUR);
  world.putNetwork({ ...(await world.network()), pause });
  denies = true;
  await world.live(MINUTE);
  expect((await world.network()).pause?.probeAt).toBeGreaterThanOrEqual(world.clock.now() + probeMs - MINUTE);
});

test('a domain that is present at another application is not asked of this one', async () => {
  const world = certificateWorld({ mode: 'advanced' });
  await world.arrive(DOMAIN, { runcloudId: { id: 1, ...OTHER_APP } });
  await world.live(HOUR);
  expect(world.orders).toEqual([]);
  expect(world.calls.filter(({ op }) => op === 'find')).toEqual([]);
});
