import { describe, expect, test } from '@jest/globals';
import { NotBefore } from '../../../lib/sync/ledger/errors.ts';
import { certificateKey } from '../../../lib/sync/ledger/keys.ts';
import type { Ledger } from '../../../lib/sync/ledger/ports.ts';
import { updateItem } from '../../../lib/sync/ledger/updates/update.ts';
import { requestCertificate } from '../../../lib/sync/ledger/work/certificate-request.ts';
import { movedSendAt } from '../../../lib/sync/sweep/moved-send-at.ts';
import { certificateWorld, timing } from '../../support/certificates/certificate-world.ts';
import { DOMAIN, HOUR, MINUTE, NETWORK } from '../../support/sync/items.ts';

type World = ReturnType<typeof certificateWorld>;

/** What sync-domain writes for a domain that is served now and was not before. */
async function arriveAnew(world: World, www: boolean): Promise<void> {
  const item = await world.domain();
  if (item === undefined) throw new Error('No domain has arrived');
  world.putDomain({ ...item, wanted: 'present', state: 'present', www, wwwServed: www });
  const at = { network: NETWORK, domain: DOMAIN, now: world.clock.now(), batchMs: timing.batchMs };
  await requestCertificate(world.ledger, { ...at, arrived: true, newRow: false });
}

/** The world's ledger, where something happens right after the domain was read for the first time. */
function afterReadingDomain(world: World, happens: () => Promise<void>): Ledger {
  let happened = false;
  return {
    ...world.ledger,
    read: async (key) => {
      const stored = await world.ledger.read(key);
      if (key.kind === 'domain' && !happened) {
        happened = true;
        await happens();
      }
      return stored;
    },
  };
}

/** The world's ledger, where the sweep's message for the domain is refused by the lease on the application, just before that ends. */
function withRefusedMessage(world: World): Ledger {
  let happened = false;
  const sweepThenRefuse = async (): Promise<void> => {
    const { sendAt } = await world.request();
    const now = world.clock.now();
    if (sendAt === null || sendAt > now) throw new Error('The sweep has no message to send');
    await updateItem(world.ledger, certificateKey(NETWORK, DOMAIN), (item) =>
      movedSendAt(item, { sendAt, now, resendMs: timing.resendMs }),
    );
    await world.pass();
  };
  return {
    ...world.ledger,
    write: async (key, item, writes) => {
      const releases =
        key.kind === 'certificateWork' && item !== undefined && 'ordered' in item && item.owner === null;
      if (releases && !happened) {
        happened = true;
        await sweepThenRefuse();
      }
      return world.ledger.write(key, item, writes);
    },
  };
}

describe('a check of a certificate is under way', () => {
  test('for a domain that was removed, when it comes back: it gets its certificate', async () => {
    const world = certificateWorld();
    await world.arrive();
    world.putDomain({ domain: DOMAIN, wanted: 'absent', state: 'absent' });
    await world.time.advance(timing.batchMs);
    const ledger = afterReadingDomain(world, () => arriveAnew(world, false));
    await world.pass({}, { others: { ledger } });
    expect(await world.request()).toMatchObject({ wanted: true, state: 'requested' });
    expect(world.orders).toHaveLength(1);
  });

  test('for a protected domain that was kept against its removal, when it is wanted again: it gets its certificate', async () => {
    const world = certificateWorld();
    await world.arrive();
    world.putDomain({ domain: DOMAIN, wanted: 'absent', state: 'present', reason: 'protected-domain' });
    await world.time.advance(timing.batchMs);
    const ledger = afterReadingDomain(world, async () => {
      world.putDomain({ domain: DOMAIN, wanted: 'present', state: 'present' });
      const at = { network: NETWORK, domain: DOMAIN, now: world.clock.now(), batchMs: timing.batchMs };
      // Its row has never gone, so it does not arrive.
      await requestCertificate(world.ledger, { ...at, arrived: false, newRow: false });
    });
    await world.pass({}, { others: { ledger } });
    expect(await world.request()).toMatchObject({ wanted: true, state: 'requested' });
    expect(world.orders).toHaveLength(1);
  });

  test('when its www. arrives: that is covered within the hour', async () => {
    const world = certificateWorld();
    await world.arrive();
    await world.live(HOUR);
    expect(await world.request()).toMatchObject({ state: 'valid' });
    await world.putRequest({ dueAt: world.clock.now(), sendAt: world.clock.now() });
    const row = [...world.hosting.rows.values()].find(({ name }) => name === DOMAIN);
    if (row === undefined) throw new Error('RunCloud has no row');
    world.hosting.rows.set(row.id, { ...row, www: true });
    const ledger = afterReadingDomain(world, () => arriveAnew(world, true));
    await world.pass({}, { others: { ledger } });
    await world.live(HOUR);
    expect(world.orders.at(-1)?.names).toEqual([DOMAIN, `www.${DOMAIN}`]);
    expect(await world.request()).toMatchObject({ state: 'valid' });
  });

  test('once the pass has asked for it, and before the pass has recorded the www.: that is covered within the hour', async () => {
    const world = certificateWorld();
    await world.arrive();
    await world.live(HOUR);
    const row = [...world.hosting.rows.values()].find(({ name }) => name === DOMAIN);
    const item = await world.domain();
    if (row === undefined || item === undefined) throw new Error('No domain has arrived');
    world.hosting.rows.set(row.id, { ...row, www: true });
    const { batchMs } = timing;
    const at = {
      network: NETWORK,
      domain: DOMAIN,
      now: world.clock.now(),
      batchMs,
      arrived: true,
      newRow: false,
    };
    await requestCertificate(world.ledger, at);
    world.putDomain({ ...item, owner: 'slow', leaseUntil: world.clock.now() + HOUR });
    await world.time.advance(batchMs);
    await world.pass();
    world.putDomain({ ...item, www: true, wwwServed: true });
    await world.live(HOUR);
    expect(world.orders.at(-1)?.names).toEqual([DOMAIN, `www.${DOMAIN}`]);
  });

  test('and comes to the end of its time: a message that it refused meanwhile is sent again within a minute', async () => {
    let tired = true;
    const world = certificateWorld({
      onCall: async ({ op }) => {
        if (tired && op === 'find') throw new NotBefore(world.clock.now());
      },
    });
    await world.arrive();
    await world.time.advance(timing.batchMs);
    await world.pass({}, { others: { ledger: withRefusedMessage(world) } });
    expect(world.orders).toEqual([]);
    tired = false;
    await world.live(MINUTE);
    expect(world.orders).toHaveLength(1);
  });
});
