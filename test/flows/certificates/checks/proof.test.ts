import { afterEach, describe, expect, test } from '@jest/globals';
import type { EdgeFault } from '../../../../local/world/edge.ts';
import {
  closeWorlds,
  dayMs,
  hourMs,
  minuteMs,
  secureWorld,
} from '../../../support/certificates/secure-world.ts';

const domain = 'shop.acme-bikes.com';
/** An address of this machine too, but no server listens there. */
const closedAddress = '127.0.0.9';

afterEach(closeWorlds);

describe('what a handshake has shown', () => {
  test('is the end of the work: not even the mode is read', async () => {
    const world = await secureWorld();
    world.addInPanel(domain, 'valid');
    await world.add(domain);
    const { notAfter, via } = await world.stands(domain, { state: 'valid', reason: null });
    expect(via).toBeNull();
    expect(Date.parse(notAfter ?? '') - Date.now()).toBeGreaterThan(89 * dayMs);
    expect(world.runcloud.requests.filter(({ path }) => path.includes('/ssl'))).toEqual([]);
    const { certificate } = await world.status(domain);
    expect(certificate).toEqual({
      state: 'valid',
      reason: null,
      fix: null,
      attempts: 0,
      nextTryAt: null,
      notAfter,
      via: null,
    });
    expect(await world.list('open')).toEqual([]);
  });

  test.each(['expired', 'wrong-name', 'untrusted'] as const satisfies readonly EdgeFault[])(
    '%s is not good: it is ordered for, and never again before that has had its time',
    async (fault) => {
      const world = await secureWorld();
      world.addInPanel(domain, 'valid');
      world.edge.set(domain, fault);
      await world.add(domain);
      await world.stands(domain, { state: 'requested', reason: null });
      await world.pass(29 * minuteMs);
      expect(await world.item(domain)).toMatchObject({ state: 'requested' });
      expect(world.writes()).toEqual(['PUT /ssl/:id']);
      expect(await world.list('open')).toEqual([domain]);
      world.edge.set(domain, null);
      await world.stands(domain, { state: 'valid', lastError: null });
      expect(world.writes()).toHaveLength(1);
    },
  );

  test('is checked again after half a minute, one, two, five minutes', async () => {
    const world = await secureWorld({ switches: { sslIssueMs: 12 * minuteMs } });
    world.pointHere(domain);
    await world.add(domain);
    await world.stands(domain, { state: 'requested' });
    const [order] = world.orders();
    const reconcilesAt: number[] = [];
    while ((await world.item(domain))?.state === 'requested') {
      await world.step();
      reconcilesAt.push((world.clock.now() - (order?.at ?? 0)) / minuteMs);
    }
    expect(reconcilesAt.map((at) => Math.round(at * 10) / 10)).toEqual([0.5, 1.5, 3.5, 8.5, 13.5]);
    expect(world.orders()).toHaveLength(1);
  });
});

describe('a server that does not answer', () => {
  test('makes nothing unknown that was known: valid stays valid, and nothing is ordered', async () => {
    const world = await secureWorld();
    world.addInPanel(domain, 'valid');
    await world.add(domain);
    await world.stands(domain, { state: 'valid' });
    world.edge.set(domain, 'hang');
    await world.pass(26 * hourMs);
    expect(await world.item(domain)).toMatchObject({
      state: 'valid',
      lastError: { code: 'runcloud-timeout' },
    });
    expect(world.writes()).toEqual([]);
    world.edge.set(domain, null);
    await world.stands(domain, { state: 'valid', lastError: null });
  });

  test('leaves an order unverified: it is checked again and again, and not ordered again', async () => {
    const world = await secureWorld({ serverAddress: closedAddress });
    world.pointHere(domain);
    await world.add(domain);
    await world.stands(domain, { state: 'requested', reason: 'unverified' });
    await world.pass(2 * dayMs);
    expect(await world.item(domain)).toMatchObject({ state: 'requested', reason: 'unverified' });
    expect(world.orders()).toHaveLength(1);
    expect(world.deadLetters()).toEqual([]);
    expect(await world.list('open')).toEqual([domain]);
  });

  test('behind a proxy is seen at the name’s public address: valid, via the edge', async () => {
    const world = await secureWorld({ serverAddress: closedAddress });
    // The edge of this machine stands for the proxy's.
    world.proxies.add('127.0.0.1');
    world.point(domain, { A: ['127.0.0.1'] });
    await world.add(domain);
    await world.retry(domain, 'dns_ready');
    await world.stands(domain, { state: 'valid', via: 'edge' });
    expect((await world.status(domain)).certificate.via).toBe('edge');
    expect(world.orders()).toHaveLength(1);
  });
});

describe('the watch over a valid certificate', () => {
  test.each(['basic', 'advanced'] as const)(
    'raises the request in the last sixth of its life, in %s mode',
    async (ssl) => {
      const world = await secureWorld({ ssl });
      world.pointHere(domain);
      await world.add(domain);
      await world.stands(domain, { state: 'valid' });
      await world.pass(74 * dayMs);
      expect(world.orders()).toHaveLength(1);
      expect(await world.item(domain)).toMatchObject({ state: 'valid', reason: null });
      await world.stands(domain, { state: 'valid', reason: 'expiring' }, { withinMs: 2 * dayMs });
      const { certificate } = await world.status(domain);
      expect(certificate.nextTryAt).not.toBeNull();
      await world.stands(domain, { state: 'valid', reason: null });
      expect(world.orders()).toHaveLength(2);
      expect(Date.parse((await world.item(domain))?.notAfter ?? '') - world.clock.now()).toBeGreaterThan(
        80 * dayMs,
      );
    },
  );

  test.each([90, 64, 45, 6])('fits a life of %i days', async (sslLifetimeDays) => {
    const world = await secureWorld({ switches: { sslLifetimeDays } });
    world.pointHere(domain);
    await world.add(domain);
    await world.stands(domain, { state: 'valid' });
    const begunAt = world.clock.now();
    await world.pass(sslLifetimeDays * dayMs);
    const [first, ...renewals] = world.orders();
    expect(first).toBeDefined();
    expect(renewals).toHaveLength(1);
    const agedDays = ((renewals[0]?.at ?? 0) - begunAt) / dayMs;
    expect(agedDays).toBeGreaterThanOrEqual((sslLifetimeDays * 5) / 6 - 0.1);
    expect(agedDays).toBeLessThanOrEqual((sslLifetimeDays * 5) / 6 + 1.2);
    expect(await world.item(domain)).toMatchObject({ state: 'valid', reason: null });
  });

  test('says expiring while the renewal fails, then that it failed, with one dead letter', async () => {
    const world = await secureWorld({ switches: { sslLifetimeDays: 12 } });
    world.pointHere(domain);
    await world.add(domain);
    await world.stands(domain, { state: 'valid' });
    world.runcloud.switches.sslIssue = 'fails-422';
    await world.stands(domain, { state: 'valid', reason: 'expiring' }, { withinMs: 12 * dayMs });
    await world.stands(domain, { state: 'failed', reason: 'order-failed' }, { withinMs: 3 * dayMs });
    expect(world.deadLetters()).toHaveLength(1);
  });
});
