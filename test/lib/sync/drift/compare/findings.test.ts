import { describe, expect, test } from '@jest/globals';
import { certificateKey } from '../../../../../lib/sync/ledger/keys.ts';
import { runNetworkWork } from '../../../../../lib/sync/network-work/run.ts';
import {
  certificateItem,
  DAY,
  DOMAIN,
  delays,
  HOUR,
  MINUTE,
  NETWORK,
  NOW,
  OTHER_APP,
  row,
} from '../../../../support/sync/items.ts';
import { comparing, many, primary, rowsOf, settled, tomorrow } from './compared.ts';

describe('what is wanted and gone', () => {
  test('is due again, with jitter, and its pass adds it unread', async () => {
    const world = await comparing({ items: [settled()] });
    await world.compare();
    expect(world.ops()).toEqual(['page', 'find']);
    const item = await world.domain();
    expect(item).toMatchObject({ state: 'pending', runcloudId: null, answered: false, revision: 2 });
    expect(item.dueAt).toBeLessThanOrEqual(world.time.now() + delays.apiMarginMs);
    expect(item.sendAt).toBe(item.dueAt);
    expect(item.history.at(-1)).toMatchObject({ what: 'missing' });
    await world.time.advance(delays.apiMarginMs);
    await world.pass();
    expect(world.ops().slice(2)).toEqual(['add']);
    expect(await world.domain()).toMatchObject({ state: 'present', dueAt: null });
    expect((await world.network()).drift).toMatchObject({
      missing: { count: 1, names: [DOMAIN] },
      dryRun: false,
    });
  });

  test('takes no order of an application with it that the network has left: the requeue may have left it out', async () => {
    const left = settled({ runcloudId: { id: 9, ...OTHER_APP } });
    const requested = certificateItem({ state: 'requested', orderedAt: NOW });
    const dryRun = await comparing({ items: [left], services: { driftDryRun: true } });
    await dryRun.put(certificateKey(NETWORK, DOMAIN), requested);
    await dryRun.compare();
    expect(await dryRun.certificate()).toEqual(requested);
    const world = await comparing({ items: [left] });
    await world.put(certificateKey(NETWORK, DOMAIN), requested);
    await world.compare();
    expect(await world.domain()).toMatchObject({ state: 'pending', runcloudId: null });
    expect(await world.certificate()).toMatchObject({ state: 'pending', orderedAt: null });
  });

  test('is so too where the name is served, and the ledger knows its row at the application that was left', async () => {
    const left = settled({ runcloudId: { id: 9, ...OTHER_APP }, www: true, wwwServed: true });
    const world = await comparing({ items: [left], rows: [primary, row()] });
    await world.put(certificateKey(NETWORK, DOMAIN), certificateItem({ state: 'valid' }));
    await world.compare();
    expect(world.ops()).toEqual(['page']);
    expect(await world.domain()).toMatchObject({ state: 'pending', runcloudId: null, wwwServed: null });
    expect((await world.domain()).history.at(-1)).toMatchObject({ detail: 'left out by the move' });
    expect(await world.certificate()).toMatchObject({ state: 'pending', notAfter: null });
    await world.time.advance(delays.apiMarginMs);
    await world.pass();
    expect(await world.domain()).toMatchObject({ state: 'present', dueAt: null, wwwServed: true });
    await world.time.advance(DAY);
    await world.compare();
    expect((await world.network()).drift).toMatchObject({ missing: { count: 0 } });
  });

  test('is only reported in a dry run', async () => {
    const world = await comparing({ items: [settled()], services: { driftDryRun: true } });
    await world.compare();
    expect(await world.domain()).toEqual(settled());
    expect((await world.network()).drift).toMatchObject({
      missing: { count: 1, names: [DOMAIN] },
      dryRun: true,
    });
  });

  test('is believed gone only if RunCloud says so by its id: a page may have skipped it', async () => {
    const world = await comparing({ items: [settled()], rows: [primary, row()] });
    const skipping = {
      ...world.services,
      networks: {
        access: async (...asked: Parameters<typeof world.services.networks.access>) => {
          const access = await world.services.networks.access(...asked);
          return (
            access && {
              ...access,
              hosting: () => ({
                ...world.hosting,
                page: async () => ({ domains: [primary], unreadable: 0, total: 1, lastPage: 1, more: false }),
              }),
            }
          );
        },
      },
    };
    await runNetworkWork(NETWORK, NOW + 5 * MINUTE, skipping);
    expect(world.ops()).toEqual(['find']);
    expect(await world.domain()).toEqual(settled());
    expect((await world.network()).drift).toMatchObject({ missing: { count: 0 } });
  });

  test('is repaired also where its row has become a redirect, or another domain’s', async () => {
    for (const changed of [row({ type: 'redirect' }), row({ name: 'other.example' })]) {
      const world = await comparing({ items: [settled()], rows: [primary, changed] });
      await world.compare();
      expect((await world.domain()).dueAt).not.toBeNull();
    }
  });

  test('without a row of its own is due again if the list is whole', async () => {
    const covered = settled({ native: true, runcloudId: null, reason: 'covered-by-wildcard' });
    const world = await comparing({ items: [covered] });
    await world.compare();
    expect(world.ops()).toEqual(['page']);
    expect((await world.domain()).dueAt).not.toBeNull();
  });

  test('in great number is repaired two hundred at a time, the others an hour later', async () => {
    const world = await comparing({ items: many(230) });
    await world.compare(20 * MINUTE);
    const open = () => world.ledger.all('domain').filter(({ dueAt }) => dueAt !== null).length;
    expect(open()).toBe(200);
    const { drift, comparison } = await world.network();
    expect(drift?.missing).toMatchObject({ count: 200 });
    expect(drift?.missing.names).toHaveLength(10);
    expect(comparison).toEqual({ dueAt: world.time.now() + HOUR, begunAt: null });
    await world.time.advance(HOUR);
    await world.compare(20 * MINUTE);
    expect(open()).toBe(230);
  });

  test('according to a list that lies costs two hundred calls, and changes nothing', async () => {
    const items = many(230);
    const world = await comparing({ items, rows: [primary, ...rowsOf(items)] });
    const { hosting } = world;
    const empty = { domains: [], unreadable: 0, total: 0, more: false };
    Object.assign(hosting, { page: async () => empty });
    await world.compare(20 * MINUTE);
    expect(world.ops()).toHaveLength(200);
    expect(world.ledger.all('domain')).toEqual(items);
    expect((await world.network()).comparison?.dueAt).toBe(tomorrow(world.time.now()));
  });
});

describe('what is there and unwanted', () => {
  const stray = row({ id: 7, name: 'stray.example' });
  const back = row({ id: 8, name: 'gone.example' });
  const gone = settled({ domain: 'gone.example', wanted: 'absent', state: 'absent', runcloudId: null });

  test('is reported and left alone', async () => {
    const world = await comparing({ items: [gone, settled()], rows: [primary, row(), stray, back] });
    await world.compare();
    expect(world.ops()).toEqual(['page']);
    expect(world.ledger.all('domain')).toEqual([gone, settled()]);
    const { drift } = await world.network();
    expect(drift).toEqual({
      at: new Date(world.time.now()).toISOString(),
      missing: { count: 0, names: [] },
      unwanted: { count: 1, names: ['gone.example'] },
      unknown: { count: 1, names: ['stray.example'] },
      dryRun: false,
    });
    expect(world.comparisons).toMatchObject([
      { network: NETWORK, drift, calls: 1, error: null, paused: false },
    ]);
  });

  test('is not reported any more once it is gone', async () => {
    const world = await comparing({ items: [settled()], rows: [primary, row(), stray] });
    await world.compare();
    world.hosting.rows.delete(7);
    await world.time.advance(2 * DAY);
    await world.compare();
    expect((await world.network()).drift).toMatchObject({ unknown: { count: 0, names: [] } });
  });
});
