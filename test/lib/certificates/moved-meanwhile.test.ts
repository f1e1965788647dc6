import { describe, expect, test } from '@jest/globals';
import { certificateKey, networkKey } from '../../../lib/sync/ledger/keys.ts';
import type { Ledger } from '../../../lib/sync/ledger/ports.ts';
import { updateItem } from '../../../lib/sync/ledger/updates/update.ts';
import { requestCertificate, withMovedDomain } from '../../../lib/sync/ledger/work/certificate-request.ts';
import { certificateWorld } from '../../support/certificates/certificate-world.ts';
import { DOMAIN, MINUTE, NETWORK, OTHER_APP, order, SECOND } from '../../support/sync/items.ts';

type World = ReturnType<typeof certificateWorld>;

/** Another worker has claimed the application that the secret names now. */
async function claimOther(world: World): Promise<void> {
  const claim = { ...OTHER_APP, renewedAt: world.clock.now(), readAt: world.clock.now() };
  world.ledger.put(networkKey(NETWORK), { ...(await world.network()), claim });
}

/** The walk over the network's domains has come to this one. */
function walkBy(world: World, domain = DOMAIN): Promise<undefined> {
  const now = world.clock.now();
  return updateItem(world.ledger, certificateKey(NETWORK, domain), (item) =>
    withMovedDomain(item, now, now + MINUTE),
  );
}

describe('a pass that is under way while its network moves to another application', () => {
  test('settles nothing that it takes from then on', async () => {
    const names = Array.from({ length: 11 }, (_, n) => `shop-${n}.example`);
    const last = 'shop-10.example';
    const world: World = certificateWorld();
    for (const name of names) await world.arrive(name);
    world.serve(names);
    await world.time.advance(20 * SECOND);
    await world.putRequest({ dueAt: world.clock.now() }, last);
    let moved = false;
    const prove: World['services']['prove'] = async (terms) => {
      if (!moved) {
        moved = true;
        await claimOther(world);
        await walkBy(world, last);
        // A wildcard of the new application serves it, and sync-domain has seen that before this pass goes on.
        world.putDomain({ domain: last, runcloudId: null, reason: 'covered-by-wildcard' });
        const arrival = { network: NETWORK, domain: last, arrived: true, newRow: false, batchMs: 0 };
        await requestCertificate(world.ledger, { ...arrival, now: world.clock.now() });
      }
      return world.services.prove(terms);
    };
    await world.pass({}, { others: { prove } });
    expect(await world.request(last)).toMatchObject({
      state: 'pending',
      notAfter: null,
      owner: null,
      crashes: 0,
    });
    expect(await world.request('shop-0.example')).toMatchObject({ state: 'valid' });
  });

  test('orders no more for the application, and leaves nothing to be waited for', async () => {
    const world: World = certificateWorld({
      onCall: async ({ op }) => {
        if (op === 'find') await claimOther(world);
      },
    });
    await world.arrive();
    await world.time.advance(20 * SECOND);
    await world.pass();
    expect(world.orders).toEqual([]);
    expect(await world.work()).toMatchObject({ orders: [], ordered: [] });
    expect(await world.request()).toMatchObject({ owner: null, orderedAt: null, crashes: 0 });
  });

  test('orders no more though the claim moves while the order is put on record', async () => {
    const world: World = certificateWorld();
    await world.arrive();
    await world.time.advance(20 * SECOND);
    const ledger: Ledger = {
      ...world.ledger,
      write: async (key, item, writes) => {
        const records = key.kind === 'certificateWork' && item !== undefined && 'ordered' in item;
        if (records && item.ordered.length > 0) await claimOther(world);
        return world.ledger.write(key, item, writes);
      },
    };
    await world.pass({}, { others: { ledger } });
    expect(world.orders).toEqual([]);
    expect(await world.work()).toMatchObject({ orders: [], ordered: [] });
  });

  test('waits at the new one for no order that a killed worker has recorded at the old one', async () => {
    const world: World = certificateWorld();
    await world.arrive();
    const recorded = order(world.clock.now(), { set: 'a' });
    world.putWork({ app: OTHER_APP, orders: [recorded], ordered: [DOMAIN] });
    await world.time.advance(20 * SECOND);
    await world.pass();
    expect(world.orders).toHaveLength(1);
    expect((await world.work()).orders).toHaveLength(2);
  });

  test('orders no more for one domain', async () => {
    const world: World = certificateWorld({
      mode: 'advanced',
      onCall: async ({ op }) => {
        if (op === 'find') await walkBy(world);
      },
    });
    await world.arrive();
    await world.time.advance(20 * SECOND);
    await world.pass();
    expect(world.orders).toEqual([]);
    expect(await world.request()).toMatchObject({
      state: 'pending',
      orderedAt: null,
      orders: [],
      owner: null,
      crashes: 0,
    });
  });

  test.each(['basic', 'advanced'] as const)(
    'waits at the new one for no order that was made at the old (%s)',
    async (mode) => {
      const world: World = certificateWorld({
        mode,
        landsAfterMs: null,
        onCall: async ({ op }) => {
          if (op !== 'install') return;
          await claimOther(world);
          await walkBy(world);
        },
      });
      await world.arrive();
      await world.time.advance(20 * SECOND);
      await world.pass();
      expect(world.orders).toHaveLength(1);
      expect(await world.request()).toMatchObject({ state: 'pending', orderedAt: null, owner: null });
    },
  );
});
