import { describe, expect, test } from '@jest/globals';
import { RuncloudRefused, RuncloudUnavailable } from '../../../../lib/runcloud/errors.ts';
import { unpark } from '../../../../lib/sync/ledger/domains/parking.ts';
import type { Points } from '../../../../lib/sync/ledger/domains/www.ts';
import { certificateKey } from '../../../../lib/sync/ledger/keys.ts';
import { withRequest } from '../../../../lib/sync/ledger/work/certificate-request.ts';
import {
  DOMAIN,
  HOUR,
  MINUTE,
  NETWORK,
  NOW,
  networkItem,
  row,
  settledItem,
  written,
} from '../../../support/sync/items.ts';
import { reconcileWorld } from '../../../support/sync/reconcile-world.ts';

const parking = { reason: 'dns-mismatch', at: NOW } as const;
/** Served by a row that the relay has made, recorded as parked. */
const toPark = settledItem({ addedId: 5, parking, dueAt: NOW, sendAt: NOW });

type Options = NonNullable<Parameters<typeof reconcileWorld>[0]>;

async function parkingWorld(options: Options = {}, points: Points = 'elsewhere') {
  const world = reconcileWorld({
    rows: [row()],
    ...options,
    services: { askWww: async () => points, ...options.services },
  });
  await world.putNetwork(networkItem({ refusesDuplicates: true }));
  const request = withRequest(undefined, {
    network: NETWORK,
    domain: DOMAIN,
    now: NOW,
    arrived: true,
    newRow: false,
    batchMs: 0,
  });
  await world.put(certificateKey(NETWORK, DOMAIN), {
    ...written(request),
    state: 'waiting-dns',
    dueAt: NOW + HOUR,
  });
  await world.putDomain(toPark);
  return world;
}

describe('a pass over a name to be parked', () => {
  test('reads its row, removes it after a fresh look at the secret, and settles it as parked', async () => {
    const world = await parkingWorld();
    await world.pass();
    expect(world.ops()).toEqual(['find', 'remove']);
    expect(world.asked).toEqual([{ fresh: true }, { fresh: true }]);
    expect(await world.domain()).toMatchObject({
      wanted: 'present',
      state: 'parked',
      reason: 'dns-mismatch',
      runcloudId: null,
      addedId: null,
      dueAt: null,
    });
  });

  test('counts as a removal for the limit, and shows that it waits', async () => {
    const world = await parkingWorld({ access: { removalsPerHour: 1 } });
    await world.putNetwork(networkItem({ removals: [{ minute: Math.floor(NOW / MINUTE) - 10, count: 1 }] }));
    await world.pass();
    await world.pass();
    expect(world.ops()).toEqual(['find']);
    expect(await world.domain()).toMatchObject({
      state: 'present',
      reason: 'removals-limited',
      parking,
      attempts: 0,
    });
  });

  test.each<[string, Points]>([
    ['leads here by now', 'here'],
    ['leads to a known proxy by now', 'proxied'],
    ['gives no answer', 'unanswered'],
  ])('keeps the row of a name that %s, and has its certificate checked soon', async (_title, points) => {
    const world = await parkingWorld({}, points);
    await world.pass();
    expect(world.ops()).not.toContain('remove');
    expect(await world.domain()).toMatchObject({
      state: 'present',
      reason: null,
      parking: null,
      dueAt: null,
    });
    expect((await world.certificate()).dueAt).toBeLessThan(NOW + MINUTE);
  });

  test.each([
    ['protected by now', { access: { protectedDomains: [DOMAIN] } }],
    ['the primary one by now', { rows: [row({ type: 'primary' as const })] }],
  ])('keeps a row that is %s', async (_title, options) => {
    const world = await parkingWorld(options);
    await world.pass();
    expect(world.ops()).not.toContain('remove');
    expect(await world.domain()).toMatchObject({ state: 'present', parking: null, dueAt: null });
  });

  test('keeps a row that serves its www. to visitors', async () => {
    const askWww = async (name: string) => (name.startsWith('www.') ? 'here' : 'elsewhere') as Points;
    const world = await parkingWorld({ rows: [row({ www: true })], services: { askWww } });
    await world.putDomain({ ...toPark, www: true, wwwServed: true });
    await world.pass();
    expect(world.ops()).toEqual(['find']);
    expect(await world.domain()).toMatchObject({ state: 'present', parking: null, dueAt: null });
  });

  test('does not settle over a name that may be served again meanwhile', async () => {
    const world = await parkingWorld({
      onDone: async ({ op }) => {
        if (op === 'remove') await world.putDomain(written(unpark(NOW)(await world.domain())));
      },
    });
    await world.pass();
    expect(world.ops()).toContain('add');
    expect(await world.domain()).toMatchObject({ state: 'present', parking: null, dueAt: null });
    expect([...world.hosting.rows.values()].map(({ name }) => name)).toEqual([DOMAIN]);
  });

  test('whose removal gets no answer watches the name until that may have landed', async () => {
    const world = await parkingWorld({
      onCall: async ({ op }) => {
        if (op === 'remove')
          throw new RuncloudUnavailable('no answer', {
            method: 'DELETE',
            path: '/domains/5',
            unanswered: true,
          });
      },
    });
    await world.pass();
    const item = await world.domain();
    expect(item).toMatchObject({ state: 'present', parking, lastError: { code: 'runcloud-unavailable' } });
    expect(item.ambiguousUntil).toBeGreaterThan(NOW);
  });

  test('that RunCloud refuses for an hour leaves the name served: no failure, no dead letter', async () => {
    const world = await parkingWorld({
      onCall: async ({ op }) => {
        if (op === 'remove')
          throw new RuncloudRefused('refused', {
            method: 'DELETE',
            path: '/domains/5',
            status: 422,
            said: 'No.',
          });
      },
    });
    for (let tries = 0; tries < 20 && (await world.domain()).parking !== null; tries += 1) {
      const { dueAt } = await world.domain();
      await world.time.advance(Math.max(0, (dueAt ?? 0) - world.services.clock.now()));
      await world.pass();
    }
    await world.pass();
    expect(await world.domain()).toMatchObject({ state: 'present', parking: null, dueAt: null, toSend: [] });
    expect(world.queue.deadLetters).toEqual([]);
  });

  test('makes the domain of a parked www. look whether it may serve it', async () => {
    const name = `www.${DOMAIN}`;
    const world = await parkingWorld({ rows: [row({ id: 5, name })] });
    await world.putDomain({ ...settledItem({ www: true, runcloudId: null }), dueAt: null });
    await world.putDomain({ ...toPark, domain: name });
    await world.pass(name);
    expect(await world.domain(name)).toMatchObject({ state: 'parked' });
    expect((await world.domain()).dueAt).not.toBeNull();
  });
});

test('a row is known as the relay’s own only where the relay’s POST has made it', async () => {
  const world = reconcileWorld();
  await world.putDomain({
    ...settledItem(),
    runcloudId: null,
    state: 'pending',
    answered: false,
    dueAt: NOW,
  });
  await world.pass();
  const { runcloudId, addedId } = await world.domain();
  expect(addedId).toBe(runcloudId?.id);
  const found = reconcileWorld({ rows: [row()] });
  await found.putDomain({ ...settledItem(), runcloudId: null, state: 'pending', dueAt: NOW });
  await found.pass();
  expect(await found.domain()).toMatchObject({ runcloudId: { id: expect.any(Number) }, addedId: null });
});
