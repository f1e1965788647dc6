import { describe, expect, test } from '@jest/globals';
import { toView } from '../../../lib/sync/status/view.ts';
import { certificateWorld, elsewhere, SERVER } from '../../support/certificates/certificate-world.ts';
import { DAY, DOMAIN, HOUR, MINUTE, SECOND, settledItem } from '../../support/sync/items.ts';

type World = ReturnType<typeof certificateWorld>;

async function ordered(world: World): Promise<void> {
  await world.arrive();
  await world.live(20 * SECOND);
  expect(world.orders).toHaveLength(1);
}

describe('an order that RunCloud took', () => {
  test('is checked after 30 s, 1, 2 and then every 5 minutes; a 2xx is not proof', async () => {
    const world = certificateWorld({ landsAfterMs: null });
    await ordered(world);
    const passes: number[] = [];
    const orderedAt = (await world.request()).orderedAt ?? 0;
    for (let n = 0; n < 6; n += 1) {
      const { dueAt, state, reason } = await world.request();
      expect({ state, reason }).toEqual({ state: 'requested', reason: null });
      passes.push(((dueAt ?? 0) - orderedAt) / SECOND);
      await world.time.advance((dueAt ?? 0) - world.clock.now());
      await world.pass();
    }
    expect(passes).toEqual([30, 90, 210, 510, 810, 1_110]);
    expect(world.orders).toHaveLength(1);
  });

  test('and is not served half an hour later has failed: a redeploy is followed by an install', async () => {
    const world = certificateWorld({ landsAfterMs: null });
    world.runcloud.installed.set(undefined, 7);
    await world.arrive();
    await world.live(40 * MINUTE);
    expect(world.orders.map(({ op }) => op)).toEqual(['redeploy', 'install']);
    expect((await world.work()).orders.map(({ failed }) => failed)).toEqual([true, false]);
  });

  test('shows unverified while no handshake comes about, and is never ordered again for that', async () => {
    const world = certificateWorld();
    await ordered(world);
    world.state.silent = true;
    await world.live(10 * DAY);
    expect(await world.request()).toMatchObject({
      state: 'requested',
      reason: 'unverified',
      lastError: { code: 'runcloud-timeout', message: `${SERVER} port 443 did not answer` },
    });
    expect(world.orders).toHaveLength(1);
    world.state.silent = false;
    await world.live(5 * HOUR);
    expect(await world.request()).toMatchObject({ state: 'valid', reason: null, lastError: null });
  });

  test('is checked at most twelve times an hour while the server does not answer', async () => {
    const world = certificateWorld();
    await ordered(world);
    world.state.silent = true;
    await world.live(HOUR);
    expect(await world.live(24 * HOUR)).toBeLessThan(24);
  });
});

describe('before the first certificate', () => {
  test('a server need not listen: silence does not hold the first order', async () => {
    const world = certificateWorld();
    world.state.silent = true;
    await world.arrive();
    await world.live(20 * SECOND);
    expect(world.orders).toHaveLength(1);
  });
});

describe('a valid certificate', () => {
  const valid = async (lifeMs = 90 * DAY): Promise<World> => {
    const world = certificateWorld({ landsAfterMs: null });
    world.serve([DOMAIN], { lifeMs });
    await world.arrive();
    await world.live(MINUTE);
    expect(await world.request()).toMatchObject({ state: 'valid', reason: null });
    return world;
  };

  test('has its next check about a day later, which is no next try to a reader', async () => {
    const world = await valid();
    const item = await world.request();
    expect((item.dueAt ?? 0) - world.clock.now()).toBeGreaterThan(20 * HOUR);
    expect((item.dueAt ?? 0) - world.clock.now()).toBeLessThan(28 * HOUR);
    expect(item.sendAt).toBe(item.dueAt);
    expect(toView(settledItem(), item).certificate.nextTryAt).toBeNull();
  });

  test('with less than a sixth of its life left is expiring, and ordered again', async () => {
    const world = await valid();
    await world.live(74 * DAY);
    expect(world.orders).toEqual([]);
    world.state.landsAfterMs = 10 * SECOND;
    await world.live(2.5 * DAY);
    expect(world.orders).toHaveLength(1);
    expect(await world.request()).toMatchObject({ state: 'valid', reason: null });
  });

  test('stays valid and expiring while its renewal is running', async () => {
    const world = await valid();
    await world.live(75.3 * DAY);
    const item = await world.request();
    expect(item).toMatchObject({ state: 'valid', reason: 'expiring' });
    expect(toView(settledItem(), item).certificate.nextTryAt).not.toBeNull();
  });

  test('that lives six days is checked when its last sixth begins', async () => {
    const world = await valid(6 * HOUR);
    const { dueAt, notAfter } = await world.request();
    expect(dueAt).toBe(Date.parse(notAfter ?? '') - HOUR);
    await world.live(5 * HOUR);
    expect(await world.request()).toMatchObject({ reason: 'expiring' });
  });

  test('stays valid while the server does not answer, and still shows when it is expiring', async () => {
    const world = await valid();
    world.runcloud.installed.set(undefined, 7);
    world.state.silent = true;
    await world.live(2 * DAY);
    expect(await world.request()).toMatchObject({
      state: 'valid',
      reason: null,
      lastError: { code: 'runcloud-timeout' },
    });
    await world.live(75 * DAY);
    expect(await world.request()).toMatchObject({ state: 'valid', reason: 'expiring' });
    await world.live(14 * DAY);
    expect(await world.request()).toMatchObject({ state: 'requested', reason: 'unverified' });
    expect(world.orders).toEqual([]);
  });

  test('outlives that its name points elsewhere, and is then checked a few times a day', async () => {
    const world = await valid();
    world.dns.set(DOMAIN, elsewhere(DOMAIN));
    await world.live(70 * DAY);
    expect(await world.request()).toMatchObject({ state: 'valid', reason: null });
    await world.live(6 * DAY);
    const item = await world.request();
    expect(item).toMatchObject({ state: 'valid', reason: 'expiring' });
    expect(item.fix).toContain(`Point an A record for ${DOMAIN}`);
    expect(await world.live(DAY)).toBeLessThan(10);
    await world.live(14 * DAY);
    expect(await world.request()).toMatchObject({ state: 'waiting-dns', reason: 'dns-mismatch' });
    expect(world.queue.deadLetters).toEqual([]);
  });

  test('whose renewal fails for good is reported, also if an earlier failure was reported', async () => {
    const world = certificateWorld({ landsAfterMs: null });
    await world.arrive();
    await world.live(2 * DAY);
    expect(world.queue.deadLetters).toHaveLength(1);
    world.serve([DOMAIN], { lifeMs: 90 * DAY });
    await world.live(2 * DAY);
    expect(await world.request()).toMatchObject({ state: 'valid' });
    await world.live(88 * DAY);
    expect(world.queue.deadLetters).toHaveLength(2);
    expect(new Set(world.queue.deadLetters.map(({ id }) => id)).size).toBe(2);
  });

  test('that an operator deleted in the panel is ordered again', async () => {
    const world = await valid();
    world.served.clear();
    world.state.landsAfterMs = 0;
    await world.live(2 * DAY);
    expect(world.orders).toHaveLength(1);
    expect(await world.request()).toMatchObject({ state: 'valid' });
  });
});

describe('a domain that waits for its customer’s DNS', () => {
  const waiting = async (): Promise<World> => {
    const world = certificateWorld();
    world.dns.set(DOMAIN, elsewhere(DOMAIN));
    await world.arrive();
    await world.live(30 * SECOND);
    return world;
  };

  test('shows why and what to do, and orders nothing', async () => {
    const world = await waiting();
    expect(await world.request()).toMatchObject({
      state: 'waiting-dns',
      reason: 'dns-mismatch',
      fix: `Point an A record for ${DOMAIN} at ${SERVER}`,
      attempts: 1,
    });
    await world.live(DAY);
    expect(world.orders).toEqual([]);
  });

  test('is checked after 1 minute up to 4 hours for 7 days, then daily, and is never an alarm', async () => {
    const world = await waiting();
    const waitsMs: number[] = [];
    const began = world.clock.now();
    while (world.clock.now() < began + 14 * DAY) {
      const { dueAt } = await world.request();
      waitsMs.push((dueAt ?? 0) - world.clock.now());
      await world.time.advance(waitsMs.at(-1) ?? 0);
      await world.pass();
      if (waitsMs.length === 12) expect(waitsMs[0]).toBeLessThanOrEqual(2 * MINUTE);
    }
    const week = waitsMs.slice(0, -8);
    expect(Math.max(...week)).toBeLessThanOrEqual(4 * HOUR);
    for (const waitMs of waitsMs.slice(-5)) expect(waitMs).toBeGreaterThan(20 * HOUR);
    expect(world.queue.deadLetters).toEqual([]);
    expect(await world.request()).toMatchObject({ state: 'waiting-dns' });
  });

  test('has all its time for the order once it points here', async () => {
    const world = await waiting();
    await world.live(3 * DAY);
    world.dns.delete(DOMAIN);
    world.state.landsAfterMs = MINUTE;
    await world.live(5 * HOUR);
    expect(await world.request()).toMatchObject({ state: 'valid', attempts: 0, waitedMs: 0 });
    expect(world.orders).toHaveLength(1);
  });

  test('is checked once an ssl_retry asks, and dns_ready counts as proof that it points here', async () => {
    const world = await waiting();
    await world.live(2 * HOUR);
    await world.retry('dns_ready');
    await world.pass();
    expect(world.gateQuestions.at(-1)).toEqual({ name: DOMAIN, dnsReady: true });
  });
});

describe('a request', () => {
  test('whose domain is not wanted any more is closed, and keeps nothing of its certificate', async () => {
    const world = certificateWorld();
    await world.arrive();
    await world.live(2 * MINUTE);
    world.putDomain({ domain: DOMAIN, wanted: 'absent', state: 'removing' });
    await world.live(2 * DAY);
    expect(await world.request()).toMatchObject({
      wanted: false,
      state: 'none',
      dueAt: null,
      sendAt: null,
      notBefore: null,
      notAfter: null,
      via: null,
      wwwAskedAt: null,
    });
    expect((await world.request()).expiresAt).toBeGreaterThan((world.clock.now() + 29 * DAY) / SECOND);
  });

  test('whose domain may still be taken back stays as it is', async () => {
    const world = certificateWorld();
    await world.arrive();
    await world.live(2 * MINUTE);
    const { state, notAfter, since } = await world.request();
    const until = world.clock.now() + 2 * DAY;
    const waiting = { wanted: 'absent', state: 'removing', reason: 'grace-period', dueAt: until } as const;
    world.putDomain({
      ...(await world.domain()),
      ...waiting,
      domain: DOMAIN,
      grace: { until, before: null },
    });
    await world.live(2 * DAY - HOUR);
    expect(await world.request()).toMatchObject({ wanted: true, state, notAfter, since });
  });

  test('comes back with its domain, and orders on silence only what RunCloud no longer has', async () => {
    const world = certificateWorld();
    await world.arrive();
    await world.live(2 * MINUTE);
    const domain = await world.domain();
    world.putDomain({ ...domain, domain: DOMAIN, wanted: 'absent' });
    world.hosting.rows.clear();
    await world.live(2 * DAY);
    world.state.silent = true;
    await world.arrive();
    await world.live(MINUTE);
    expect(world.orders).toHaveLength(1);
    expect(await world.request()).toMatchObject({
      state: 'requested',
      reason: 'unverified',
      expiresAt: null,
    });
    world.runcloud.installed.clear();
    await world.live(HOUR);
    expect(world.orders.length).toBeGreaterThan(1);
  });

  test('whose hosting is pending is left to it', async () => {
    const world = certificateWorld();
    await world.arrive(DOMAIN, { state: 'pending', dueAt: 0 });
    expect(await world.live(HOUR)).toBeLessThan(8);
    expect(await world.request()).toMatchObject({ state: 'pending', attempts: 0 });
    expect(world.orders).toEqual([]);
  });

  test('whose hosting failed is answered as failed, without a dead letter of its own, and recovers with it', async () => {
    const error = { code: 'runcloud-refused' as const, message: 'No', at: '2026-11-21T05:00:00.000Z' };
    const world = certificateWorld();
    await world.arrive(DOMAIN, { state: 'failed', lastError: error });
    await world.live(MINUTE);
    expect(await world.request()).toMatchObject({ state: 'failed', reason: null, lastError: error });
    expect(world.queue.deadLetters).toEqual([]);
    world.putDomain({ domain: DOMAIN });
    await world.live(2 * DAY);
    expect(await world.request()).toMatchObject({ state: 'valid', lastError: null });
  });
});
