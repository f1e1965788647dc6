import { describe, expect, test } from '@jest/globals';
import { RuncloudForbidden, RuncloudRefused, RuncloudUnauthorized } from '../../../../lib/runcloud/errors.ts';
import { freshNetwork } from '../../../../lib/sync/ledger/items/network-item.ts';
import { claimKey, networkKey } from '../../../../lib/sync/ledger/keys.ts';
import { toInstant } from '../../../../lib/sync/ledger/time.ts';
import { certificateWorld } from '../../../support/certificates/certificate-world.ts';
import { DOMAIN, HOUR, MINUTE, NETWORK, NOW, SECOND } from '../../../support/sync/items.ts';
import { failingOn, get, outcomes, post } from './failing-calls.ts';

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
