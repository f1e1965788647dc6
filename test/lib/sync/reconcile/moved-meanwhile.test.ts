import { describe, expect, test } from '@jest/globals';
import { RuncloudNotFound, RuncloudRefused } from '../../../../lib/runcloud/errors.ts';
import type { DomainItem } from '../../../../lib/sync/ledger/items/domain-item.ts';
import { certificateKey } from '../../../../lib/sync/ledger/keys.ts';
import type { Access } from '../../../../lib/sync/ledger/runcloud-ports.ts';
import { ensureClaim } from '../../../../lib/sync/network/claim.ts';
import { runNetworkWork } from '../../../../lib/sync/network-work/run.ts';
import {
  APP,
  certificateItem,
  DOMAIN,
  delays,
  domainItem,
  HOUR,
  MINUTE,
  NETWORK,
  NOW,
  networkItem,
  OTHER_APP,
  row,
  SECOND,
  settledItem,
} from '../../../support/sync/items.ts';
import { reconcileWorld } from '../../../support/sync/reconcile-world.ts';

type World = ReturnType<typeof reconcileWorld>;

/** Another worker has read a secret with new ids, and claims their application. */
async function claim(world: World): Promise<void> {
  const { ledger, clock } = world.services;
  const readAt = NOW + 10 * SECOND;
  const access = { app: APP, readAt };
  await ensureClaim(ledger, await world.network(), { network: NETWORK, access, now: clock.now() });
}

function walk({ services }: World): Promise<void> {
  return runNetworkWork(NETWORK, services.clock.now() + 5 * MINUTE, services);
}

async function move(world: World): Promise<void> {
  await claim(world);
  await walk(world);
}

/** A worker whose pass begins at the old application, while the network moves at its first call to RunCloud. */
async function passing(item: DomainItem, moves: (world: World) => Promise<void> = move) {
  const secret: { access: Pick<Access, 'app' | 'readAt'> } = { access: { app: OTHER_APP, readAt: NOW } };
  let moved = false;
  const world: World = reconcileWorld({
    access: () => secret.access,
    rows: [{ id: 5, name: 'other.example' }],
    onCall: async () => {
      if (moved) return;
      moved = true;
      secret.access = { app: APP, readAt: NOW + 10 * SECOND };
      await moves(world);
    },
  });
  await world.putNetwork(networkItem({ claim: { ...OTHER_APP, renewedAt: NOW, readAt: NOW } }));
  await world.putDomain(item);
  return world;
}

describe('a pass that is under way while its network moves to another application', () => {
  test('settles an addition at the new one', async () => {
    const world = await passing(domainItem());
    await world.pass();
    expect(await world.domain()).toMatchObject({ state: 'present', runcloudId: APP, dueAt: null });
  });

  test('settles a removal at the new one', async () => {
    const world = await passing(domainItem({ wanted: 'absent' }));
    await world.pass();
    expect(world.reports.map(({ found }) => found.app)).toEqual([OTHER_APP, APP]);
    expect(await world.domain()).toMatchObject({ state: 'absent', dueAt: null });
  });

  test('leaves what the old one served due when the walk says', async () => {
    const world = await passing(domainItem({ answered: true, runcloudId: { id: 9, ...OTHER_APP } }));
    await world.pass();
    expect(world.reports.map(({ settled }) => settled.kind)).toEqual(['again']);
    expect(await world.domain()).toMatchObject({ state: 'pending', dueAt: NOW + 0.5 * delays.apiMarginMs });
  });

  test('takes what was seen of its certificate with it', async () => {
    const world = await passing(domainItem());
    const request = certificateItem({ state: 'valid', notAfter: '2027-01-01T00:00:00.000Z', revision: 3 });
    world.ledger.put(certificateKey(NETWORK, DOMAIN), request);
    await world.pass();
    expect(await world.certificate()).toMatchObject({ state: 'pending', notAfter: null });
  });

  test('does not pause the network for what the old one answered', async () => {
    const world = await passing(domainItem(), async (moving) => {
      await move(moving);
      throw new RuncloudNotFound('No such web application', {
        method: 'POST',
        path: '/domains',
        status: 404,
      });
    });
    await world.pass();
    expect(await world.network()).toMatchObject({ pause: null });
    expect(await world.domain()).toMatchObject({ state: 'present', runcloudId: APP });
  });
});

describe('a pass that ends between the claim of the new application and the walk over the domains', () => {
  async function refuse() {
    const answer = { method: 'POST', path: '/domains', status: 422, said: 'no' };
    throw new RuncloudRefused('RunCloud refused', answer);
  }

  test('settles a removal at the old one, and the new one is asked too', async () => {
    const world = await passing(domainItem({ wanted: 'absent' }), claim);
    await world.pass();
    expect(await world.domain()).toMatchObject({ state: 'absent', dueAt: null, settledAt: OTHER_APP });
    world.hosting.rows.set(6, row({ id: 6 }));
    await world.time.advance(MINUTE);
    await walk(world);
    const walked = await world.domain();
    expect(walked).toMatchObject({ wanted: 'absent', state: 'removing', expiresAt: null, revision: 2 });
    expect(walked.history.at(-1)).toMatchObject({ what: 'moved', detail: 'server 42, web application 7' });
    await world.time.advance(MINUTE);
    await world.pass();
    expect(world.reports.map(({ found }) => found.app)).toEqual([OTHER_APP, APP]);
    expect(await world.domain()).toMatchObject({ state: 'absent', dueAt: null, settledAt: APP });
    expect([...world.hosting.rows.values()].map(({ name }) => name)).toEqual(['other.example']);
  });

  test('gives an addition up at the old one, and the new one is asked too', async () => {
    const world = await passing(domainItem({ refusedMs: 10 * HOUR }), async (moving) => {
      await claim(moving);
      await refuse();
    });
    world.ledger.put(certificateKey(NETWORK, DOMAIN), certificateItem({ state: 'valid', revision: 3 }));
    await world.pass();
    expect(await world.domain()).toMatchObject({ state: 'failed', dueAt: null, settledAt: OTHER_APP });
    await walk(world);
    expect(await world.domain()).toMatchObject({ state: 'pending', refusedMs: 0, firstFailureAt: null });
    expect(await world.certificate()).toMatchObject({ state: 'pending', revision: 4 });
    await world.time.advance(MINUTE);
    await world.pass();
    expect(await world.domain()).toMatchObject({ state: 'present', runcloudId: APP, dueAt: null });
  });
});

test('a pass that begins after the requeue with a kept secret does not go back', async () => {
  const world = reconcileWorld({ access: { app: OTHER_APP, readAt: NOW } });
  const claim = { ...APP, renewedAt: NOW, readAt: NOW + 10 * SECOND };
  await world.putNetwork(networkItem({ claim }));
  await world.putDomain(domainItem());
  await world.pass();
  expect(world.ops()).toEqual([]);
  expect(await world.domain()).toMatchObject({ state: 'pending', dueAt: NOW + 10 * SECOND });
});

test('a domain that is settled at the new application is left alone', async () => {
  const world = reconcileWorld();
  await world.putNetwork(
    networkItem({
      claim: { ...APP, renewedAt: NOW, readAt: NOW },
      requeue: { reason: 'moved', cursor: null },
    }),
  );
  await world.putDomain(settledItem());
  await runNetworkWork(NETWORK, NOW + 5 * MINUTE, world.services);
  expect(await world.domain()).toEqual(settledItem());
});
