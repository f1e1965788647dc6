import { describe, expect, test } from '@jest/globals';
import { ORDER_NEEDS_MS, openCertificateSession } from '../../../lib/certificates/session.ts';
import { NetworkPaused, NotBefore } from '../../../lib/sync/ledger/errors.ts';
import type { Pause } from '../../../lib/sync/ledger/items/network-item.ts';
import { toInstant } from '../../../lib/sync/ledger/time.ts';
import { certificateWorld } from '../../support/certificates/certificate-world.ts';
import { HOUR, MINUTE, NETWORK, NOW, SECOND } from '../../support/sync/items.ts';

function pauseUntil(probeAt: number): Pause {
  return {
    since: toInstant(NOW - HOUR),
    code: 'runcloud-unauthorized',
    message: 'RunCloud does not accept the token',
    probeAt,
  };
}

async function way(pause: Pause | null, withinMs = HOUR) {
  const world = certificateWorld();
  world.putNetwork({ pause });
  const session = await openCertificateSession(
    NETWORK,
    await world.network(),
    NOW + withinMs,
    world.services,
  );
  return { world, session };
}

describe('the secret', () => {
  test.each([
    ['nothing is paused', null, false],
    ['the next probe is due', pauseUntil(NOW), true],
    ['the next probe is a moment away', pauseUntil(NOW + 1), false],
  ])('is read anew only for a probe: %s', async (_title, pause, fresh) => {
    const { world } = await way(pause);
    expect(world.accesses).toEqual([{ fresh }]);
  });
});

describe('a call', () => {
  test('is counted, and its answer', async () => {
    const { session } = await way(null);
    expect(session.calls).toEqual({ made: 0, answered: 0 });
    await session.certificates.mode();
    await session.newOrder().hosting.install(undefined);
    expect(session.calls).toEqual({ made: 2, answered: 2 });
  });

  test('of an order may be sent only once all its waits are over', async () => {
    const { session } = await way(null, ORDER_NEEDS_MS - 1);
    const [late, other] = [session.newOrder(), session.newOrder()];
    await expect(late.hosting.install(undefined)).rejects.toThrow(NotBefore);
    expect(late.mayBeSent()).toBe(false);
    const { session: inTime } = await way(null);
    const order = inTime.newOrder();
    await order.hosting.install(undefined);
    expect([order.mayBeSent(), other.mayBeSent()]).toEqual([true, false]);
  });

  test('of an order is made at a moment of its own', async () => {
    const { session } = await way(null);
    expect([session.newOrder().at, session.newOrder().at]).toEqual([NOW, NOW + 1]);
  });

  test('is made with just the time left that it may need, and not with less', async () => {
    const readNeedsMs = 53 * SECOND;
    const read = async (withinMs: number) => (await way(null, withinMs)).session.certificates.mode();
    const order = async (withinMs: number) =>
      (await way(null, withinMs)).session.newOrder().hosting.install(undefined);
    await expect(read(readNeedsMs)).resolves.toBe('basic');
    await expect(read(readNeedsMs - 1)).rejects.toThrow(NotBefore);
    await expect(order(ORDER_NEEDS_MS)).resolves.toBeUndefined();
    await expect(order(ORDER_NEEDS_MS - 1)).rejects.toThrow(NotBefore);
  });
});

describe('a paused network', () => {
  test('is asked by the one pass that wins the probe, which says so', async () => {
    const { world, session } = await way(pauseUntil(NOW));
    expect(session.breaker.probed()).toBeNull();
    await session.certificates.mode();
    await session.certificates.mode();
    const probing = { ...pauseUntil(NOW), probeAt: NOW + world.services.domainDelays.probeMs };
    expect(session.breaker.probed()).toEqual(probing);
    expect((await world.network()).pause).toEqual(probing);
  });

  test('is asked by no worker before', async () => {
    const { world, session } = await way(pauseUntil(NOW + MINUTE));
    await expect(session.certificates.mode()).rejects.toThrow(NetworkPaused);
    expect(world.calls).toEqual([]);
    expect(session.breaker.probed()).toBeNull();
  });
});
