import { describe, expect, test } from '@jest/globals';
import {
  RuncloudBlocked,
  RuncloudForbidden,
  RuncloudNotFound,
  RuncloudRateLimited,
  RuncloudRefused,
  RuncloudTimeout,
  RuncloudUnavailable,
} from '../../../../lib/runcloud/errors.ts';
import { requestCertificate } from '../../../../lib/sync/ledger/work/certificate-request.ts';
import { certificateWorld, timing } from '../../../support/certificates/certificate-world.ts';
import { DOMAIN, HOUR, MINUTE, NETWORK, NOW, SECOND } from '../../../support/sync/items.ts';
import { failingOn, get, outcomes, post } from './failing-calls.ts';

describe('an order', () => {
  test.each([
    ['timed out', () => new RuncloudTimeout('No answer', { ...post, unanswered: true })],
    ['broke off', () => new RuncloudUnavailable('Broke', { ...post, unanswered: true })],
    ['was answered by a web page', () => new RuncloudBlocked('A page', { ...post, unanswered: true })],
  ])('that %s counts as one, and is looked for', async (_title, error) => {
    const { world } = failingOn('install', error);
    await world.arrive();
    await world.live(25 * SECOND);
    expect(outcomes(world)).toEqual(['unanswered']);
    expect(await world.request()).toMatchObject({ state: 'requested', reason: null });
    expect((await world.work()).orders).toMatchObject([{ failed: false }]);
    world.serve([DOMAIN]);
    await world.live(MINUTE);
    expect(await world.request()).toMatchObject({ state: 'valid' });
    expect(world.calls.filter(({ op }) => op === 'install')).toHaveLength(1);
  });

  test.each([
    ['403', () => new RuncloudForbidden('Not allowed', { ...post, status: 403 })],
    ['404', () => new RuncloudNotFound('No such thing', { ...post, status: 404 })],
  ])('refused by %s says no to this order, and pauses no network', async (_title, error) => {
    const { world } = failingOn('install', error);
    await world.arrive();
    await world.live(25 * SECOND);
    expect(outcomes(world)).toEqual(['refused']);
    expect(await world.request()).toMatchObject({
      state: 'pending',
      attempts: 1,
      lastError: { code: error().name === 'RuncloudForbidden' ? 'runcloud-forbidden' : 'runcloud-not-found' },
    });
    expect(await world.network()).toMatchObject({ pause: null, suspicion: null });
    expect((await world.work()).orders).toMatchObject([{ failed: true }]);
  });

  test.each([
    ['429', () => new RuncloudRateLimited('Fewer', { ...post, status: 429, retryAfterMs: 7 * MINUTE })],
    ['no connection', () => new RuncloudUnavailable('Not reached', post)],
  ])('met by %s was never taken: it spends no limit', async (_title, error) => {
    const { world, interruption } = failingOn('install', error);
    await world.arrive();
    await world.live(25 * SECOND);
    expect(outcomes(world)).toEqual(['undone']);
    expect(await world.work()).toMatchObject({ orders: [], ordered: [] });
    const { dueAt, state } = await world.request();
    expect(state).toBe('pending');
    expect((dueAt ?? 0) - world.clock.now()).toBeGreaterThanOrEqual(
      error().name === 'RuncloudRateLimited' ? 6 * MINUTE : 30 * SECOND,
    );
    interruption.error = undefined;
    await world.live(10 * MINUTE);
    expect(await world.request()).toMatchObject({ state: 'valid' });
  });

  test('asked for with Retry-After of a month is tried again within four hours', async () => {
    const month = 30 * 24 * HOUR;
    const { world } = failingOn(
      'install',
      () => new RuncloudUnavailable('Later', { ...post, retryAfterMs: month }),
    );
    await world.arrive();
    await world.live(25 * SECOND);
    expect(((await world.request()).dueAt ?? 0) - world.clock.now()).toBeLessThanOrEqual(4 * HOUR);
  });

  test('answered only by 429 for 15 minutes pauses the network: its quota is spent', async () => {
    const world = certificateWorld({
      onCall: async () => {
        throw new RuncloudRateLimited('Fewer', { ...get, status: 429 });
      },
    });
    await world.arrive();
    await world.live(40 * MINUTE);
    expect((await world.network()).pause).toMatchObject({ code: 'runcloud-quota-spent' });
    expect(world.queue.deadLetters).toEqual([]);
  });

  test('whose certificate RunCloud does not let us read is refused, not the network', async () => {
    const { world } = failingOn('find', () => new RuncloudForbidden('Not allowed', { ...get, status: 403 }));
    await world.arrive('a.example');
    await world.live(25 * SECOND);
    await world.arrive('b.example');
    await world.live(10 * MINUTE);
    expect(await world.network()).toMatchObject({ pause: null });
    expect(await world.request('a.example')).toMatchObject({
      state: 'pending',
      lastError: { code: 'runcloud-forbidden' },
    });
  });
});

test('what is refused on and on is tried for fifteen hours, however often others make it due before its time', async () => {
  const { world } = failingOn('install', () => new RuncloudRefused('No', { ...post, status: 422 }));
  await world.arrive();
  await world.live(10 * MINUTE);
  while ((await world.request()).state !== 'failed') {
    const at = { network: NETWORK, domain: DOMAIN, now: world.clock.now(), batchMs: timing.batchMs };
    await requestCertificate(world.ledger, { ...at, arrived: true, newRow: false });
    await world.live(10 * MINUTE);
  }
  expect(world.clock.now() - NOW).toBeGreaterThanOrEqual(timing.givingUpMs);
  expect(world.clock.now() - NOW).toBeLessThan(timing.givingUpMs + HOUR);
});
