import { describe, expect, test } from '@jest/globals';
import { RuncloudUnavailable } from '../../../../../lib/runcloud/errors.ts';
import { NotBefore } from '../../../../../lib/sync/ledger/errors.ts';
import { certificateWorld, elsewhere } from '../../../../support/certificates/certificate-world.ts';
import { DAY, DOMAIN, HOUR, MINUTE, SECOND } from '../../../../support/sync/items.ts';
import { at } from './shops.ts';

describe('AutoSSL', () => {
  test('orders nothing and checks for half an hour, then says what to check', async () => {
    const world = certificateWorld({ mode: 'autossl' });
    await world.arrive();
    const passes = await world.live(30 * MINUTE);
    expect(passes).toBeLessThan(12);
    expect(await world.request()).toMatchObject({ state: 'pending', reason: 'autossl' });
    await world.live(6 * MINUTE);
    const item = await world.request();
    expect(item).toMatchObject({ state: 'failed', reason: 'order-failed' });
    expect(item.fix).toContain('AutoSSL');
    expect(world.orders).toEqual([]);
    expect(world.queue.deadLetters).toHaveLength(1);
  });

  test('counts from when the name points here', async () => {
    const world = certificateWorld({ mode: 'autossl' });
    world.dns.set(DOMAIN, elsewhere(DOMAIN));
    await world.arrive();
    await world.live(2 * HOUR);
    world.dns.delete(DOMAIN);
    await world.retry();
    await world.live(20 * MINUTE);
    expect(await world.request()).toMatchObject({ state: 'pending', reason: 'autossl' });
  });

  test('goes on counting while RunCloud cannot be asked for its mode', async () => {
    let away = false;
    const world = certificateWorld({
      mode: 'autossl',
      onCall: async ({ op }) => {
        if (away && op === 'mode') throw new RuncloudUnavailable('no answer', at('GET', 503));
      },
    });
    await world.arrive();
    await world.live(15 * MINUTE);
    away = true;
    await world.live(10 * MINUTE);
    expect(await world.request()).toMatchObject({
      reason: 'autossl',
      lastError: { code: 'runcloud-unavailable' },
    });
    away = false;
    await world.live(20 * MINUTE);
    expect(await world.request()).toMatchObject({ state: 'failed', reason: 'order-failed' });
  });

  test('is not waited for anew because the slot to ask about a silent server is far away', async () => {
    let far = false;
    const world = certificateWorld({
      mode: 'autossl',
      onCall: async ({ op }) => {
        if (far && op === 'find') throw new NotBefore(world.clock.now() + 10 * SECOND);
      },
    });
    world.state.silent = true;
    await world.arrive();
    await world.live(29 * MINUTE);
    far = true;
    await world.live(10 * MINUTE);
    expect(await world.request()).toMatchObject({ state: 'pending', reason: 'autossl', attempts: 0 });
    far = false;
    await world.live(MINUTE);
    expect(await world.request()).toMatchObject({ state: 'failed', reason: 'order-failed' });
  });

  test('counts from when it is switched on, whatever was waited for before', async () => {
    const world = certificateWorld({ mode: 'advanced' });
    world.dns.set(`www.${DOMAIN}`, elsewhere(`www.${DOMAIN}`));
    await world.arrive(DOMAIN, { wwwServed: true });
    await world.live(50 * MINUTE);
    expect(await world.request()).toMatchObject({ state: 'pending', reason: 'held-by-name' });
    world.runcloud.turnTo('autossl');
    await world.live(30 * MINUTE);
    expect(await world.request()).toMatchObject({ state: 'pending', reason: 'autossl' });
    await world.live(20 * MINUTE);
    expect(await world.request()).toMatchObject({ state: 'failed', reason: 'order-failed' });
    await world.live(5 * DAY);
    expect(await world.request()).toMatchObject({ state: 'failed', reason: 'order-failed' });
    expect(world.queue.deadLetters).toHaveLength(1);
  });

  test.each([
    { title: 'has one installed', installed: true, away: false },
    { title: 'cannot be asked', installed: false, away: true },
  ])('a silent server is unverified as long as RunCloud $title', async ({ installed, away }) => {
    const world = certificateWorld({
      mode: 'autossl',
      onCall: async ({ op }) => {
        if (away && op === 'find') throw new RuncloudUnavailable('no answer', at('GET', 503));
      },
    });
    await world.arrive();
    if (installed) world.runcloud.installed.set(1, 9);
    world.state.silent = true;
    await world.live(30 * MINUTE);
    expect(await world.request()).toMatchObject({ state: 'pending', reason: 'autossl' });
    await world.live(3 * DAY);
    expect(await world.request()).toMatchObject({ state: 'requested', reason: 'unverified' });
    expect(world.queue.deadLetters).toEqual([]);
    world.state.silent = false;
    world.serve([DOMAIN]);
    await world.live(5 * HOUR);
    expect(await world.request()).toMatchObject({ state: 'valid' });
    expect(world.orders).toEqual([]);
  });

  test('that has installed nothing behind a silent server has failed', async () => {
    const world = certificateWorld({ mode: 'autossl' });
    world.state.silent = true;
    await world.arrive();
    await world.live(40 * MINUTE);
    expect(await world.request()).toMatchObject({ state: 'failed', reason: 'order-failed' });
    expect(world.queue.deadLetters).toHaveLength(1);
  });

  test('leaves a certificate alone that an operator has put in place, and says so', async () => {
    const world = certificateWorld({ mode: 'autossl' });
    await world.arrive();
    const id = (await world.domain())?.runcloudId?.id;
    world.runcloud.installed.set(id, 100);
    world.runcloud.origins.set(id, 'uploaded');
    await world.live(40 * MINUTE);
    expect(await world.request()).toMatchObject({ state: 'failed', reason: 'custom-certificate' });
  });

  test('is to blame as long as RunCloud does not say what is installed', async () => {
    const world = certificateWorld({
      mode: 'autossl',
      onCall: async ({ op }) => {
        if (op === 'find') throw new RuncloudUnavailable('Failed', at('GET', 502));
      },
    });
    await world.arrive();
    await world.live(40 * MINUTE);
    const item = await world.request();
    expect(item).toMatchObject({ state: 'failed', reason: 'order-failed' });
    expect(item.lastError?.message).toContain(`AutoSSL has brought ${DOMAIN} no certificate`);
    expect(item.fix).toContain('AutoSSL is on');
  });

  test.each([90, 45])('has until the last thirtieth of %d days to renew', async (days) => {
    const world = certificateWorld({ mode: 'autossl' });
    await world.arrive();
    world.serve([DOMAIN], { lifeMs: days * DAY });
    await world.live((days * 29 * DAY) / 30 - HOUR);
    const item = await world.request();
    expect(item).toMatchObject({ state: 'valid', reason: 'expiring', toSend: [] });
    expect(item.fix).toContain('AutoSSL');
    expect(world.queue.deadLetters).toEqual([]);
    await world.live(6 * HOUR);
    expect(await world.request()).toMatchObject({ state: 'failed', reason: 'order-failed' });
    await world.live(10 * DAY);
    expect(await world.request()).toMatchObject({ state: 'failed', reason: 'order-failed' });
    expect(world.queue.deadLetters).toHaveLength(1);
    world.serve([DOMAIN]);
    await world.live(2 * DAY);
    expect(await world.request()).toMatchObject({ state: 'valid', reason: null, fix: null });
  });

  test('that renews in time is not reported', async () => {
    const world = certificateWorld({ mode: 'autossl' });
    await world.arrive();
    world.serve([DOMAIN]);
    await world.live(80 * DAY);
    world.serve([DOMAIN]);
    await world.live(6 * HOUR);
    expect(await world.request()).toMatchObject({ state: 'valid', reason: null, fix: null });
    expect(world.queue.deadLetters).toEqual([]);
  });

  test('that brings the certificate is seen within minutes', async () => {
    const world = certificateWorld({ mode: 'autossl' });
    await world.arrive();
    await world.live(10 * MINUTE);
    world.serve([DOMAIN]);
    await world.live(6 * MINUTE);
    expect(await world.request()).toMatchObject({ state: 'valid', reason: null });
  });
});
