import { describe, expect, test } from '@jest/globals';
import { Unavailable } from '../../../lib/errors.ts';
import {
  RuncloudBlocked,
  RuncloudForbidden,
  RuncloudNotFound,
  RuncloudRateLimited,
  RuncloudRefused,
  RuncloudTimeout,
  RuncloudUnauthorized,
  RuncloudUnavailable,
} from '../../../lib/runcloud/errors.ts';
import { freshNetwork } from '../../../lib/sync/ledger/items/network-item.ts';
import { claimKey, networkKey, rateLimitKey } from '../../../lib/sync/ledger/keys.ts';
import { toInstant } from '../../../lib/sync/ledger/time.ts';
import { requestCertificate } from '../../../lib/sync/ledger/work/certificate-request.ts';
import { freshRateLimit } from '../../../lib/sync/network/limits/slots.ts';
import { certificateWorld, timing } from '../../support/certificates/certificate-world.ts';
import { DOMAIN, HOUR, MINUTE, NETWORK, NOW, SECOND } from '../../support/sync/items.ts';

const post = { method: 'POST', path: '/ssl' };
const get = { method: 'GET', path: '/ssl' };

function failingOn(op: string, error: () => Error) {
  const interruption: { error: (() => Error) | undefined } = { error };
  const world = certificateWorld({
    onCall: async (call) => {
      if (call.op === op && interruption.error !== undefined) throw interruption.error();
    },
  });
  return { world, interruption };
}

function outcomes(world: ReturnType<typeof certificateWorld>) {
  return world.facts.flatMap((fact) => (fact.kind === 'ordered' ? [fact.outcome] : []));
}

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
  ])('refused by %s says no to this order, and rests no network', async (_title, error) => {
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

describe('a paused network', () => {
  const unauthorized = () => new RuncloudUnauthorized('Not accepted', { ...get, status: 401 });

  test('after 401 is probed every 15 minutes, without an end or a dead letter, and goes on by itself', async () => {
    const { world, interruption } = failingOn('find', unauthorized);
    await world.arrive();
    await world.live(25 * SECOND);
    expect((await world.network()).pause).toMatchObject({ code: 'runcloud-unauthorized' });
    expect(await world.request()).toMatchObject({
      state: 'pending',
      attempts: 0,
      lastError: { code: 'runcloud-unauthorized' },
    });
    const before = world.calls.length;
    await world.live(20 * HOUR);
    expect(world.calls.length - before).toBeLessThan(2 * 4 * 20);
    expect(world.queue.deadLetters).toEqual([]);
    interruption.error = undefined;
    await world.live(40 * MINUTE);
    expect((await world.network()).pause).toBeNull();
    expect(await world.request()).toMatchObject({ state: 'valid', lastError: null });
    expect(world.facts.filter(({ kind }) => kind === 'turned')).toMatchObject([
      { transition: 'paused' },
      { transition: 'resumed' },
    ]);
  });

  test('an order that is not accepted was not taken', async () => {
    const { world } = failingOn('install', unauthorized);
    await world.arrive();
    await world.live(25 * SECOND);
    expect((await world.work()).orders).toEqual([]);
    expect((await world.network()).pause).toMatchObject({ code: 'runcloud-unauthorized' });
  });

  test('a credential rotated in the secret is used at once, and nothing is paused', async () => {
    let old = true;
    const world = certificateWorld({
      access: ({ fresh }) => {
        if (fresh) old = false;
        return old ? {} : { credentialFingerprint: 'beefbeefbeefbeef' };
      },
      onCall: async ({ op }) => {
        if (op === 'address' && old) throw unauthorized();
      },
    });
    await world.arrive();
    await world.live(5 * MINUTE);
    expect(world.facts.filter(({ kind }) => kind === 'turned')).toEqual([]);
    expect(await world.request()).toMatchObject({ state: 'valid' });
  });

  test.each([
    ['paused', { paused: true }],
    ['secret-invalid', undefined],
  ])(
    'by %s asks nothing of RunCloud, reads the secret once a probe, and goes on once that is fixed',
    async (code, part) => {
      let updated = false;
      const world = certificateWorld({ access: () => (updated ? {} : part) });
      for (const name of ['a.example', 'b.example', 'c.example']) await world.arrive(name);
      await world.live(20 * SECOND);
      expect((await world.network()).pause).toMatchObject({ code });
      const before = world.accesses.filter(({ fresh }) => fresh).length;
      await world.live(4 * HOUR);
      expect(world.calls).toEqual([]);
      expect(world.accesses.filter(({ fresh }) => fresh).length - before).toBeLessThanOrEqual(17);
      expect(world.queue.deadLetters).toEqual([]);
      updated = true;
      await world.live(40 * MINUTE);
      expect((await world.network()).pause).toBeNull();
      expect(await world.request('a.example')).toMatchObject({ state: 'valid' });
    },
  );

  test('passes that are no probe do not put the next one off', async () => {
    const world = certificateWorld({ access: () => ({ paused: true }) });
    await world.arrive();
    await world.live(20 * SECOND);
    const probeAt = (await world.network()).pause?.probeAt;
    await world.time.advance(5 * MINUTE);
    await world.retry();
    await world.pass();
    expect((await world.network()).pause?.probeAt).toBe(probeAt);
  });

  test('because another network claims the application makes no call', async () => {
    const world = certificateWorld();
    world.ledger.put(claimKey('42', '7'), { network: 'other', renewedAt: NOW });
    await world.arrive();
    await world.live(25 * SECOND);
    expect(world.calls).toEqual([]);
    expect((await world.network()).pause).toMatchObject({ code: 'app-claimed' });
  });

  test('still sees certificates that others bring, without asking RunCloud', async () => {
    const { world } = failingOn('find', unauthorized);
    await world.arrive();
    await world.live(25 * SECOND);
    world.serve([DOMAIN]);
    const before = world.calls.length;
    await world.live(18 * MINUTE);
    expect(await world.request()).toMatchObject({ state: 'valid' });
    expect(world.calls).toHaveLength(before);
  });

  test.each([
    ['was taken', undefined],
    ['was refused for what it asks', () => new RuncloudRefused('-', { ...post, status: 422 })],
  ])('is over once an order %s, though reads prove nothing', async (_title, error) => {
    const world = error === undefined ? certificateWorld() : failingOn('install', error).world;
    await world.arrive();
    const pause = { code: 'runcloud-forbidden', message: '-', since: toInstant(NOW), probeAt: NOW } as const;
    world.ledger.put(networkKey(NETWORK), { ...freshNetwork(NETWORK), pause });
    await world.live(2 * MINUTE);
    expect(outcomes(world)[0]).toBe(error === undefined ? 'accepted' : 'refused');
    expect((await world.network()).pause).toBeNull();
  });

  test('is not over because an order was denied', async () => {
    const { world } = failingOn('install', () => new RuncloudForbidden('-', { ...post, status: 403 }));
    await world.arrive();
    const pause = { code: 'runcloud-forbidden', message: '-', since: toInstant(NOW), probeAt: NOW } as const;
    world.ledger.put(networkKey(NETWORK), { ...freshNetwork(NETWORK), pause });
    await world.live(2 * MINUTE);
    expect(world.calls.some(({ op }) => op === 'install')).toBe(true);
    expect((await world.network()).pause).toMatchObject({ code: 'runcloud-forbidden' });
  });

  test('of an application that is gone is not over because reading found nothing there', async () => {
    const world = certificateWorld({ mode: 'unknown' });
    await world.arrive();
    const pause = { code: 'runcloud-not-found', message: '-', since: toInstant(NOW), probeAt: NOW } as const;
    world.ledger.put(networkKey(NETWORK), { ...freshNetwork(NETWORK), pause });
    await world.live(2 * MINUTE);
    expect(world.calls.some(({ op }) => op === 'mode')).toBe(true);
    expect((await world.network()).pause).toMatchObject({ code: 'runcloud-not-found' });
  });

  test('403 or a web page on one name alone pauses nothing; on a second one it does', async () => {
    const { world } = failingOn(
      'address',
      () => new RuncloudForbidden('Not allowed', { ...get, status: 403 }),
    );
    await world.arrive('a.example');
    await world.live(25 * SECOND);
    expect(await world.network()).toMatchObject({ pause: null, suspicion: { domain: 'a.example' } });
    world.putDomain({ domain: 'a.example', wanted: 'absent' });
    await world.putRequest({ dueAt: null, sendAt: null }, 'a.example');
    await world.arrive('b.example');
    await world.live(25 * SECOND);
    expect((await world.network()).pause).toMatchObject({ code: 'runcloud-forbidden' });
  });
});

describe('a pass that cannot ask', () => {
  test('holds its requests until there is a slot, and counts nothing', async () => {
    const world = certificateWorld();
    await world.arrive();
    const nextFreeAt = NOW + 10 * MINUTE;
    world.ledger.put(rateLimitKey('f00dfeedf00dfeed'), { ...freshRateLimit, nextFreeAt });
    await world.live(MINUTE);
    expect(await world.request()).toMatchObject({
      state: 'pending',
      attempts: 0,
      waitedMs: 0,
      lastError: null,
    });
    expect((await world.request()).dueAt).toBeGreaterThanOrEqual(nextFreeAt);
    await world.live(12 * MINUTE);
    expect(await world.request()).toMatchObject({ state: 'valid' });
  });

  test('leaves a good certificate what it is', async () => {
    const { world, interruption } = failingOn(
      'address',
      () => new RuncloudUnavailable('Failed', { ...get, status: 502 }),
    );
    interruption.error = undefined;
    world.serve([DOMAIN]);
    await world.arrive();
    await world.live(MINUTE);
    interruption.error = () => new RuncloudUnavailable('Failed', { ...get, status: 502 });
    await world.live(4 * 24 * HOUR);
    expect(await world.request()).toMatchObject({
      state: 'valid',
      lastError: { code: 'runcloud-unavailable' },
    });
    expect(world.queue.deadLetters).toEqual([]);
  });

  test('gives a first certificate up after 15 hours, with one dead letter', async () => {
    const { world } = failingOn('address', () => new RuncloudUnavailable('Failed', { ...get, status: 502 }));
    await world.arrive();
    await world.live(14 * HOUR);
    expect(world.queue.deadLetters).toEqual([]);
    await world.live(3 * 24 * HOUR);
    expect(world.queue.deadLetters).toMatchObject([
      { code: 'runcloud-unavailable', message: { domain: DOMAIN } },
    ]);
  });

  test('because RunCloud states no address of the server says what to set', async () => {
    const world = certificateWorld();
    world.runcloud.serverAddress = async () => undefined;
    await world.arrive();
    await world.live(25 * SECOND);
    expect((await world.request()).lastError?.message).toContain('SERVER_ADDRESSES');
  });

  test.each(['ledger', 'queue', 'secrets'] as const)(
    'since the %s is away gives its leases back, counts no crash and throws nothing',
    async (what) => {
      const world = certificateWorld();
      await world.arrive();
      await world.time.advance(20 * SECOND);
      const dnsGate = async () => {
        throw new Unavailable(what);
      };
      await world.pass({}, { others: { dnsGate } });
      expect(await world.request()).toMatchObject({
        owner: null,
        leaseUntil: null,
        crashes: 0,
        state: 'pending',
      });
      expect(await world.work()).toMatchObject({ owner: null });
      await world.live(7 * MINUTE);
      expect(await world.request()).toMatchObject({ state: 'valid' });
    },
  );
});

test('a pass does nothing for a network without a request', async () => {
  const world = certificateWorld();
  await world.pass();
  expect(world.accesses).toEqual([]);
  expect(world.ledger.all('certificate')).toEqual([]);
});

test('what is refused on and on is tried for fifteen hours, however often others make it due before its time', async () => {
  const { world } = failingOn('install', () => new RuncloudRefused('No', { ...post, status: 422 }));
  await world.arrive();
  while ((await world.request()).state !== 'failed') {
    await world.live(10 * MINUTE);
    const at = { network: NETWORK, domain: DOMAIN, now: world.clock.now(), batchMs: timing.batchMs };
    await requestCertificate(world.ledger, { ...at, arrived: true });
  }
  expect(world.clock.now() - NOW).toBeGreaterThanOrEqual(timing.givingUpMs);
  expect(world.clock.now() - NOW).toBeLessThan(timing.givingUpMs + HOUR);
});
