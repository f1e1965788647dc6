import { describe, expect, test } from '@jest/globals';
import type { DomainItem } from '../../../../../lib/sync/ledger/items/domain-item.ts';
import { certificateKey } from '../../../../../lib/sync/ledger/keys.ts';
import {
  APP,
  certificateItem,
  DAY,
  DOMAIN,
  domainItem,
  HOUR,
  MINUTE,
  NETWORK,
  NOW,
  OTHER_APP,
  row,
  settledItem,
} from '../../../../support/sync/items.ts';
import { due, jitteredAt, paused, requeueWorld } from './due-network.ts';

const moved = due({ requeue: { reason: 'moved', cursor: null } });

describe('after a move to another application', () => {
  const old = { id: 5, ...OTHER_APP };

  test('what the old one serves is open work at the new one', async () => {
    const world = await requeueWorld(moved, settledItem({ runcloudId: old, wwwServed: true }));
    await world.requeue();
    const item = await world.domain();
    expect(item).toMatchObject({
      state: 'pending',
      runcloudId: null,
      wwwServed: null,
      answered: false,
      dueAt: jitteredAt,
      revision: 2,
    });
    expect(item.history.at(-1)).toMatchObject({ what: 'moved', detail: 'server 42, web application 7' });
  });

  test.each([
    ['settled there', settledItem({ runcloudId: { id: 5, ...OTHER_APP } })],
    ['whose row has gone there, and is to come back', domainItem({ dueAt: NOW + MINUTE })],
  ])('takes what was seen of the certificate of a domain %s with it', async (_title, item) => {
    const world = await requeueWorld(moved, item);
    const seen = { state: 'valid', notAfter: '2027-01-01T00:00:00.000Z', orderedAt: NOW } as const;
    world.ledger.put(certificateKey(NETWORK, DOMAIN), certificateItem({ ...seen, revision: 3 }));
    await world.requeue();
    expect(world.ledger.all('certificate')).toMatchObject([
      {
        state: 'pending',
        notAfter: null,
        orderedAt: null,
        revision: 4,
        dueAt: jitteredAt,
        sendAt: jitteredAt,
      },
    ]);
  });

  test('what the new one serves already is left alone, and so is its request', async () => {
    const world = await requeueWorld(moved, settledItem());
    const request = certificateItem({ state: 'valid', revision: 3 });
    world.ledger.put(certificateKey(NETWORK, DOMAIN), request);
    await world.requeue();
    expect(await world.domain()).toEqual(settledItem());
    expect(world.ledger.all('certificate')).toEqual([request]);
  });

  test('what has never been present had nothing to move from', async () => {
    const open = domainItem({ dueAt: NOW + MINUTE });
    const world = await requeueWorld(moved, open);
    await world.requeue();
    expect(await world.domain()).toEqual(open);
  });

  test.each(['covered-by-wildcard', 'served-by-apex'])(
    'a domain without a row of its own (%s) is requeued: the new application may not serve it',
    async (reason) => {
      const world = await requeueWorld(moved, settledItem({ runcloudId: null, reason }));
      await world.requeue();
      expect(await world.domain()).toMatchObject({ state: 'pending', reason: null, dueAt: jitteredAt });
    },
  );

  test.each(['primary-domain', 'protected-domain'])(
    'a removal that was not followed at the old one (%s) is due at the new one, which may not serve the name',
    async (reason) => {
      const kept = settledItem({ wanted: 'absent', state: 'present', reason, runcloudId: old });
      const world = await requeueWorld(moved, kept);
      await world.requeue();
      expect(await world.domain()).toMatchObject({
        wanted: 'absent',
        state: 'removing',
        reason: null,
        runcloudId: null,
        dueAt: jitteredAt,
      });
      await world.time.advance(MINUTE);
      await world.pass();
      expect(await world.domain()).toMatchObject({ wanted: 'absent', state: 'absent', dueAt: null });
    },
  );

  test('what failed, or is wanted absent, is left alone: nothing is deleted at the old one', async () => {
    const items = [
      settledItem({ domain: 'failed.example', state: 'failed', runcloudId: old }),
      settledItem({ domain: 'gone.example', wanted: 'absent', state: 'absent', runcloudId: old }),
    ];
    const world = await requeueWorld(moved, ...items);
    await world.requeue();
    expect(world.ledger.all('domain')).toEqual(items);
  });

  describe('what the old one settled without a row', () => {
    const begun = due({ requeue: { reason: 'moved', cursor: null, movedAt: NOW - 20 * HOUR } });
    const ended = (at: number, app = OTHER_APP) => ({ dueAt: null, sendAt: null, settledAt: { ...app, at } });
    const absent = { wanted: 'absent', state: 'absent' } as const;
    const parked = {
      state: 'parked',
      reason: 'dns-none',
      parking: { reason: 'dns-none', at: NOW - DAY },
    } as const;
    const failed = { state: 'failed', reason: 'runcloud-refused', refusedMs: 2 * HOUR } as const;

    test.each<[string, Partial<DomainItem>, string]>([
      ['removed', { ...absent, expiresAt: 1 }, 'removing'],
      ['given up', failed, 'pending'],
      ['whose removal was given up', { ...failed, wanted: 'absent' }, 'removing'],
    ])('since the move is open work: one %s', async (_title, part, state) => {
      const item = domainItem({ ...part, ...ended(NOW - 20 * HOUR) });
      const world = await requeueWorld(begun, item);
      await world.requeue();
      const requeued = await world.domain();
      expect(requeued).toMatchObject({ state, reason: null, refusedMs: 0, expiresAt: null, revision: 2 });
      expect(requeued).toMatchObject({ dueAt: jitteredAt, sendAt: jitteredAt });
    });

    test.each(['parked', 'present'])(
      'since the move is open work: a parked name, %s at the new one',
      async (state) => {
        const item = domainItem({ ...parked, ...ended(NOW) });
        const world = await requeueWorld(begun, item);
        if (state === 'present') world.hosting.rows.set(9, row({ id: 9 }));
        await world.requeue();
        const requeued = await world.domain();
        expect(requeued).toMatchObject({ ...parked, dueAt: jitteredAt, sendAt: jitteredAt, revision: 2 });
        await world.time.advance(MINUTE);
        await world.pass();
        expect(await world.domain()).toMatchObject({ state, dueAt: null });
        expect(world.ops().filter((op) => op !== 'page')).toEqual([]);
      },
    );

    test.each([absent, failed])(
      'counts as settled since where its write may have come late: %j',
      async (part) => {
        const late = domainItem({ ...part, ...ended(NOW - 20 * HOUR - 5 * MINUTE) });
        const world = await requeueWorld(begun, late);
        await world.requeue();
        expect((await world.domain()).dueAt).toBe(jitteredAt);
      },
    );

    test.each<[string, Partial<DomainItem>]>([
      ['long before', ended(NOW - 21 * HOUR)],
      ['at the new one', ended(NOW - HOUR, APP)],
      ['by an older version, which did not note where', { settledAt: null }],
    ])('stays where it was settled %s', async (_title, part) => {
      const items = [absent, failed, parked].map((one, n) =>
        domainItem({ domain: `${n}.example`, dueAt: null, sendAt: null, ...one, ...part }),
      );
      const world = await requeueWorld(begun, ...items);
      await world.requeue();
      expect(world.ledger.all('domain')).toEqual(items);
    });

    test('stays where an older version began the requeue, and did not note when', async () => {
      const item = domainItem({ ...absent, ...ended(NOW) });
      const world = await requeueWorld(moved, item);
      await world.requeue();
      expect(await world.domain()).toEqual(item);
    });

    test('is settled once more, however often the requeue is begun anew', async () => {
      const world = await requeueWorld(begun, domainItem({ ...absent, ...ended(NOW) }));
      for (let round = 0; round < 3; round += 1) {
        await world.requeue();
        await world.time.advance(MINUTE);
        await world.pass();
        await world.putNetwork({ ...(await world.network()), ...begun });
      }
      expect(await world.domain()).toMatchObject({ state: 'absent', dueAt: null, revision: 2 });
      expect(world.reports).toHaveLength(1);
    });
  });

  test('what may be taken back would return to the old one, so it has nothing to return to', async () => {
    const before = {
      reason: null,
      since: '2026-11-21T04:00:00.000Z',
      www: false,
      native: false,
      parking: null,
    };
    const until = NOW + 10 * MINUTE;
    const removing = settledItem({
      runcloudId: old,
      wanted: 'absent',
      state: 'removing',
      dueAt: until,
      grace: { until, before },
    });
    const world = await requeueWorld(moved, removing);
    await world.requeue();
    expect(await world.domain()).toEqual({ ...removing, grace: { until, before: null } });
  });

  test('what waited for the end of a pause is due too', async () => {
    const world = await requeueWorld(moved, paused());
    await world.requeue();
    expect((await world.domain()).dueAt).toBe(jitteredAt);
  });
});
