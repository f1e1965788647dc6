import { describe, expect, test } from '@jest/globals';
import { InvalidSecret } from '../../../../lib/settings/invalid-secret.ts';
import { NetworkPaused, NotBefore } from '../../../../lib/sync/ledger/errors.ts';
import { networkKey, rateLimitKey } from '../../../../lib/sync/ledger/keys.ts';
import type { Access } from '../../../../lib/sync/ledger/runcloud-ports.ts';
import { circuitBreaker } from '../../../../lib/sync/network/circuit-breaker.ts';
import { freshRateLimit } from '../../../../lib/sync/network/limits/slots.ts';
import { type CallTerms, openSession } from '../../../../lib/sync/network/session.ts';
import { APP, delays, HOUR, MINUTE, NETWORK, NOW, networkItem, SECOND } from '../../../support/sync/items.ts';
import { reconcileWorld } from '../../../support/sync/reconcile-world.ts';

const NEEDS_MS = 71 * SECOND;
const pause = { code: 'runcloud-unauthorized', message: 'No', since: '2026-11-21T05:00:00.000Z' } as const;
const fingerprint = 'f00dfeedf00dfeed';

/** A session of a network that may be paused, and whose next slot may be some time away. */
async function opened({
  probeAt,
  slotAt,
  withinMs = HOUR,
  access = {},
}: {
  probeAt?: number;
  slotAt?: number;
  withinMs?: number;
  access?: Partial<Access> | ((options: { fresh: boolean }) => Partial<Access>);
} = {}) {
  const world = reconcileWorld({ access });
  const { services, time } = world;
  await world.putNetwork(networkItem(probeAt === undefined ? {} : { pause: { ...pause, probeAt } }));
  if (slotAt !== undefined) {
    await world.put(rateLimitKey(fingerprint), { ...freshRateLimit, nextFreeAt: slotAt });
  }
  const stored = await world.network();
  const breaker = circuitBreaker(NETWORK, stored, { ...services, probeMs: delays.probeMs });
  const terms = { network: NETWORK, stored, deadlineAt: NOW + withinMs, breaker, fresh: false };
  const session = await openSession(terms, services);
  const sent: number[] = [];
  const beforeSend = async (): Promise<void> => void sent.push(time.now());
  return {
    world,
    session,
    sent,
    call: (call: Partial<CallTerms> = {}) =>
      session.hosting({ needsMs: NEEDS_MS, beforeSend, ...call }).page(1),
    slot: async () => (await world.ledger.read(rateLimitKey(fingerprint)))?.item.nextFreeAt,
    probeAt: async () => (await world.network()).pause?.probeAt,
  };
}

describe('before a call, in this order:', () => {
  test('there is time for it, to the millisecond, or it does not even take the probe', async () => {
    await expect((await opened({ withinMs: NEEDS_MS })).call()).resolves.toBeDefined();
    const late = await opened({ withinMs: NEEDS_MS - 1, probeAt: NOW });
    await expect(late.call()).rejects.toThrow(NotBefore);
    expect(await late.probeAt()).toBe(NOW);
  });

  test('the network is not paused, or this pass takes the probe; without it no slot is taken', async () => {
    const paused = await opened({ probeAt: NOW + 1 });
    await expect(paused.call()).rejects.toThrow(NetworkPaused);
    expect(await paused.slot()).toBeUndefined();
    const probe = await opened({ probeAt: NOW });
    expect(probe.session.breaker.probed()).toBeNull();
    await probe.call();
    await probe.call();
    expect(probe.session.breaker.probed()).toEqual({ ...pause, probeAt: NOW + delays.probeMs });
    expect(await probe.probeAt()).toBe(NOW + delays.probeMs);
  });

  test('the credential has a slot; one that is too far away ends the call before its own checks', async () => {
    const far = await opened({ slotAt: NOW + MINUTE });
    await expect(far.call()).rejects.toThrow(NotBefore);
    expect(far.sent).toEqual([]);
  });

  test('the call has what it asks for itself, once it has waited for its slot', async () => {
    const { call, sent, session } = await opened({ slotAt: NOW + 2 * SECOND });
    await call();
    expect(sent).toEqual([NOW + 2 * SECOND]);
    expect(session.calls).toEqual({ made: 1, answered: 1 });
  });
});

describe('a secret that cannot be used', () => {
  const faulty = () => {
    throw new InvalidSecret('cannot be read');
  };

  test('is reported by the probe alone: another pass waits for it', async () => {
    await expect(opened({ access: faulty })).rejects.toThrow(InvalidSecret);
    await expect(opened({ access: faulty, probeAt: NOW })).rejects.toThrow(InvalidSecret);
    await expect(opened({ access: faulty, probeAt: NOW + 1 })).rejects.toThrow(NetworkPaused);
  });
});

describe('after a 401', () => {
  test('the secret is read again, and a new credential goes on with the same count', async () => {
    const { session, call, world } = await opened({
      access: ({ fresh }) => (fresh ? { credentialFingerprint: 'new' } : {}),
    });
    await call();
    const rotated = await session.rotated();
    expect(rotated?.access.credentialFingerprint).toBe('new');
    await rotated?.hosting({ needsMs: NEEDS_MS }).page(1);
    expect(session.calls.made).toBe(2);
    expect(world.asked).toEqual([{ fresh: false }, { fresh: true }]);
  });

  test('a secret that still holds the refused credential is no rotation', async () => {
    const { session } = await opened();
    expect(await session.rotated()).toBeUndefined();
  });
});

test('opening claims the web application for the network', async () => {
  const { world } = await opened();
  const stored = await world.ledger.read(networkKey(NETWORK));
  expect(stored?.item.claim).toMatchObject(APP);
});
