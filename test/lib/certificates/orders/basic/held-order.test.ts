import { describe, expect, test } from '@jest/globals';
import { domainKey, noticesKey } from '../../../../../lib/sync/ledger/keys.ts';
import { toInstant } from '../../../../../lib/sync/ledger/time.ts';
import { certificateWorld, elsewhere, timing } from '../../../../support/certificates/certificate-world.ts';
import { APP, DOMAIN, MINUTE, NETWORK, NOW, SECOND, settledItem } from '../../../../support/sync/items.ts';

const HELD_BY = 'left.example';

/** A new domain, beside one whose row the relay has made this long ago and whose DNS leads elsewhere. */
async function heldWorld(servedMs: number) {
  const world = certificateWorld();
  const row = await world.hosting.add({ name: HELD_BY, www: false });
  world.ledger.put(
    domainKey(NETWORK, HELD_BY),
    settledItem({
      domain: HELD_BY,
      runcloudId: { id: row?.id ?? 0, ...APP },
      addedId: row?.id ?? null,
      since: toInstant(NOW - servedMs),
    }),
  );
  world.dns.set(HELD_BY, elsewhere(HELD_BY));
  await world.arrive();
  await world.time.advance(20 * SECOND);
  await world.pass();
  return world;
}

const waiting = { state: 'pending', lastError: null, attempts: 0 };

describe('a name whose DNS leads elsewhere', () => {
  test('is parked where it has been served long enough, and the order waits for the row to go', async () => {
    const world = await heldWorld(timing.parkedAfterMs);
    expect((await world.domain(HELD_BY))?.parking).toEqual({ reason: 'dns-mismatch', at: world.clock.now() });
    const request = await world.request();
    expect(request).toMatchObject({ ...waiting, reason: null, dueAt: world.clock.now() + timing.batchMs });
    expect(world.orders).toEqual([]);
    expect(world.ledger.peek(noticesKey(NETWORK))).toBeUndefined();
  });

  test('holds the order until it may be parked, which is checked then', async () => {
    const world = await heldWorld(timing.parkedAfterMs - 2 * MINUTE);
    expect((await world.domain(HELD_BY))?.parking).toBeNull();
    const dueAt = NOW + 2 * MINUTE;
    expect(await world.request()).toMatchObject({ ...waiting, reason: 'held-by-name', dueAt });
    expect(world.orders).toEqual([]);
  });

  test('that the relay may never park is told to the operator', async () => {
    const world = certificateWorld();
    await world.hosting.add({ name: HELD_BY, www: false });
    world.dns.set(HELD_BY, elsewhere(HELD_BY));
    await world.arrive();
    await world.time.advance(20 * SECOND);
    await world.pass();
    expect(world.ledger.peek(noticesKey(NETWORK))?.waiting).toMatchObject([
      { code: 'held-by-name', domain: HELD_BY },
    ]);
  });
});

describe('the one certificate of an application', () => {
  const pause = { code: 'runcloud-forbidden', message: 'No', since: toInstant(NOW), probeAt: NOW } as const;

  test('that an operator has put in place is kept, and ends no pause of the network', async () => {
    const world = certificateWorld();
    await world.arrive();
    world.runcloud.installed.set(undefined, 100);
    world.runcloud.origins.set(undefined, 'uploaded');
    await world.putNetwork({ pause });
    await world.time.advance(20 * SECOND);
    await world.pass();
    expect(world.orders).toEqual([]);
    expect(await world.request()).toMatchObject({ state: 'failed', reason: 'custom-certificate' });
    expect((await world.network()).pause).not.toBeNull();
  });

  test('that a name holds ends no pause either', async () => {
    const world = certificateWorld();
    await world.hosting.add({ name: HELD_BY, www: false });
    world.dns.set(HELD_BY, elsewhere(HELD_BY));
    await world.arrive(DOMAIN);
    await world.putNetwork({ pause });
    await world.time.advance(20 * SECOND);
    await world.pass();
    expect(await world.request()).toMatchObject({ reason: 'held-by-name' });
    expect((await world.network()).pause).not.toBeNull();
  });
});
