import { describe, expect, test } from '@jest/globals';
import { Unavailable } from '../../../lib/errors.ts';
import { recordUpdate } from '../../../lib/sync/events/record-update.ts';
import { certificateKey } from '../../../lib/sync/ledger/keys.ts';
import type { Ledger } from '../../../lib/sync/ledger/ports.ts';
import { certificateWorld } from '../../support/certificates/certificate-world.ts';
import { BASE_MS, DAY, DOMAIN, HOUR, MINUTE, NETWORK, SECOND, update } from '../../support/sync/items.ts';

type World = ReturnType<typeof certificateWorld>;

function say(world: World, wanted: 'present' | 'absent', id: string, ledger: Ledger = world.ledger) {
  const now = world.clock.now();
  const version = { timestamp: new Date(now).toISOString(), id };
  return recordUpdate(ledger, update({ wanted, version }), { now, baseMs: BASE_MS, graceMs: DAY });
}

/** A domain without a certificate, whose certificate was checked after the removal. */
async function removedWorld(): Promise<World> {
  const world = certificateWorld({ mode: 'advanced' });
  await world.arrive();
  await world.time.advance(SECOND);
  await say(world, 'absent', 'msg_removed');
  await world.live(MINUTE);
  return world;
}

function withoutCertificates(world: World): Ledger {
  return {
    ...world.ledger,
    read: (key) =>
      key.kind === 'certificate' ? Promise.reject(new Unavailable('ledger')) : world.ledger.read(key),
  };
}

describe('the certificate of a removal that is taken back', () => {
  test('is put off during the grace period, and ordered soon after the return', async () => {
    const world = await removedWorld();
    expect((await world.request()).dueAt).toBeGreaterThan(world.clock.now() + 3 * HOUR);
    await say(world, 'present', 'msg_back');
    expect((await world.domain())?.dueAt).toBeNull();
    await world.live(MINUTE);
    expect(world.orders).toHaveLength(1);
  });

  test('is checked anew where a check of the grace period is under way', async () => {
    const world = certificateWorld({ mode: 'advanced' });
    await world.arrive();
    await say(world, 'absent', 'msg_removed');
    await world.time.advance(MINUTE);
    let returned = false;
    const read: Ledger['read'] = async (key) => {
      const stored = await world.ledger.read(key);
      if (key.kind !== 'domain' || returned) return stored;
      returned = true;
      await say(world, 'present', 'msg_back');
      return stored;
    };
    await world.pass({}, { others: { ledger: { ...world.ledger, read } } });
    expect(returned).toBe(true);
    await world.live(HOUR);
    expect(world.orders).toHaveLength(1);
  });

  test('follows once the same addition comes again where its item was out of reach', async () => {
    const world = await removedWorld();
    await expect(say(world, 'present', 'msg_back', withoutCertificates(world))).rejects.toThrow(Unavailable);
    expect(await say(world, 'present', 'msg_back')).toMatchObject({ status: 'duplicate', open: false });
    await world.live(MINUTE);
    expect(world.orders).toHaveLength(1);
  });

  test('follows too once it comes again after a newer addition', async () => {
    const world = await removedWorld();
    const saidAt = world.clock.now();
    await expect(say(world, 'present', 'msg_back', withoutCertificates(world))).rejects.toThrow(Unavailable);
    const item = await world.domain();
    if (item === undefined) throw new Error('The domain is gone');
    const version = { timestamp: new Date(saidAt + SECOND).toISOString(), id: 'msg_newer' };
    world.putDomain({ ...item, version });
    expect(await say(world, 'present', 'msg_back')).toMatchObject({ status: 'superseded', open: false });
    await world.live(MINUTE);
    expect(world.orders).toHaveLength(1);
  });

  test('keeps no addition from being accepted where its item cannot be read', async () => {
    const world = await removedWorld();
    await world.ledger.spoil(certificateKey(NETWORK, DOMAIN));
    expect(await say(world, 'present', 'msg_back')).toMatchObject({ status: 'accepted', open: false });
  });

  test.each(['valid', 'failed'] as const)('keeps the schedule of its checks if it is %s', async (state) => {
    const world = await removedWorld();
    await world.putRequest({ state });
    const before = await world.request();
    await say(world, 'present', 'msg_back');
    expect(await world.request()).toEqual(before);
  });
});
