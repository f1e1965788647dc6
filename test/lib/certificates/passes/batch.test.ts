import { describe, expect, test } from '@jest/globals';
import { RuncloudUnauthorized, RuncloudUnavailable } from '../../../../lib/runcloud/errors.ts';
import { certificateKey } from '../../../../lib/sync/ledger/keys.ts';
import type { DelayedMessage } from '../../../../lib/sync/ledger/ports.ts';
import { certificateWorld, elsewhere } from '../../../support/certificates/certificate-world.ts';
import {
  certificateItem,
  DAY,
  DOMAIN,
  NETWORK,
  NOW,
  owedDeadLetter,
  SECOND,
} from '../../../support/sync/items.ts';
import { TIMEOUT_MS } from '../../../support/sync/worker-in-memory.ts';
import { failingOn, get, post } from '../interruption/failing-calls.ts';

describe('a pass that is short of time', () => {
  test('takes ten requests at a time, and leaves those that it has no time for as they are', async () => {
    const world = certificateWorld();
    const names = Array.from({ length: 12 }, (_, n) => `shop-${n}.example`);
    for (const name of names) await world.arrive(name);
    await world.time.advance(20 * SECOND);
    const { dnsGate } = world.services;
    const asked = new Set<string>();
    const slow: typeof dnsGate = async (name, known) => {
      if (asked.size === 0) await world.time.advance(TIMEOUT_MS - 100 * SECOND);
      asked.add(name);
      return dnsGate(name, known);
    };
    await world.pass({}, { others: { dnsGate: slow } });
    expect(asked.size).toBe(10);
  });

  test('sends no dead letter whose record it could not store, and leaves it owed', async () => {
    const world = certificateWorld();
    const owes = certificateItem({ dueAt: NOW + DAY, sendAt: NOW, toSend: [owedDeadLetter] });
    world.ledger.put(certificateKey(NETWORK, DOMAIN), owes);
    await world.pass({}, { withinMs: 20 * SECOND });
    expect(world.queue.deadLetters).toEqual([]);
    expect(await world.request()).toMatchObject({ toSend: [owedDeadLetter] });
    await world.pass();
    expect(world.queue.deadLetters).toHaveLength(1);
  });
});

describe('a success', () => {
  test.each([
    ['is told the multisite', { tellsOutcomes: true }, 1],
    ['is told no one where no one reads it', { tellsOutcomes: false }, 0],
  ])('%s', async (_title, access, outcomes) => {
    const world = certificateWorld({ access });
    await world.arrive();
    world.serve([DOMAIN]);
    await world.time.advance(20 * SECOND);
    const sent: DelayedMessage[] = [];
    const outcomeQueue = {
      send: async (messages: readonly DelayedMessage[]) => {
        sent.push(...messages);
        return [];
      },
    };
    await world.pass({}, { others: { outcomeQueue, successNotices: false } });
    expect(await world.request()).toMatchObject({ state: 'valid', toSend: [] });
    expect(sent).toHaveLength(outcomes);
  });
});

describe('that a name leads here', () => {
  test('is known once it was ready for an order', async () => {
    const world = certificateWorld({ landsAfterMs: null });
    await world.arrive();
    await world.time.advance(20 * SECOND);
    await world.pass();
    expect(await world.request()).toMatchObject({
      state: 'requested',
      pointedHereAt: world.clock.now(),
    });
  });

  test.each([
    ['is known of one that is served with its certificate', true],
    ['is not known of one that leads elsewhere', false],
  ])('%s', async (_title, isServed) => {
    const world = certificateWorld();
    await world.arrive();
    if (isServed) world.serve([DOMAIN]);
    world.dns.set(DOMAIN, elsewhere(DOMAIN));
    await world.time.advance(20 * SECOND);
    await world.pass();
    expect(await world.request()).toMatchObject({
      state: isServed ? 'valid' : 'waiting-dns',
      pointedHereAt: isServed ? world.clock.now() : null,
    });
  });

  test('is not known of one that could not be checked', async () => {
    const { world } = failingOn('address', () => new RuncloudUnavailable('Failed', { ...get, status: 502 }));
    await world.arrive();
    await world.time.advance(20 * SECOND);
    await world.pass();
    expect(await world.request()).toMatchObject({ attempts: 1, pointedHereAt: null });
  });
});

describe('an order that could not be made', () => {
  test('because of a credential rotated meanwhile is made again at once, and pauses nothing', async () => {
    let rotated = false;
    const world = certificateWorld({
      access: ({ fresh }) => {
        rotated ||= fresh;
        return { credentialFingerprint: rotated ? 'new' : 'old' };
      },
      onCall: async ({ op }) => {
        if (op === 'install' && !rotated)
          throw new RuncloudUnauthorized('Not accepted', { ...post, status: 401 });
      },
    });
    await world.arrive();
    await world.live(25 * SECOND);
    expect(await world.network()).toMatchObject({ pause: null });
    expect(await world.request()).toMatchObject({ state: 'requested', attempts: 0, lastError: null });
  });

  test('is a failure of a renewal too: it counts, while the certificate is served', async () => {
    const { world } = failingOn('install', () => new RuncloudUnavailable('Away', post));
    await world.arrive();
    world.serve([DOMAIN], { ageMs: 80 * DAY });
    await world.time.advance(20 * SECOND);
    await world.pass();
    expect(await world.request()).toMatchObject({
      state: 'valid',
      reason: 'expiring',
      attempts: 1,
      firstFailureAt: world.clock.now(),
      lastError: { code: 'runcloud-unavailable' },
    });
  });
});
