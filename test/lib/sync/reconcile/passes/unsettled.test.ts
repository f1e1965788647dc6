import { describe, expect, test } from '@jest/globals';
import { Unavailable } from '../../../../../lib/errors.ts';
import { RuncloudUnavailable } from '../../../../../lib/runcloud/errors.ts';
import type { CertificateItem } from '../../../../../lib/sync/ledger/items/certificate-item.ts';
import type { DomainItem } from '../../../../../lib/sync/ledger/items/domain-item.ts';
import { certificateKey, domainKey } from '../../../../../lib/sync/ledger/keys.ts';
import type { Ledger } from '../../../../../lib/sync/ledger/ports.ts';
import type { HostedDomain } from '../../../../../lib/sync/ledger/runcloud-ports.ts';
import {
  APP,
  certificateItem,
  DAY,
  DOMAIN,
  HOUR,
  NETWORK,
  NOW,
  row,
  settledItem,
} from '../../../../support/sync/items.ts';
import { reconcileWorld } from '../../../../support/sync/reconcile-world.ts';
import { madeCall } from './failing-calls.ts';

const KEY = certificateKey(NETWORK, DOMAIN);
const OTHER_ROW = { id: 9, ...APP };

/** A served domain that is due, its certificate, which is at rest, and a RunCloud that updates no row until it is healed. */
async function failingUpdate(
  had: Partial<HostedDomain>,
  domain: Partial<DomainItem> = {},
  request: Partial<CertificateItem> = {},
) {
  let failing = true;
  const world = reconcileWorld({
    rows: [row(had)],
    onCall: async ({ op }) => {
      if (failing && op === 'update') throw new RuncloudUnavailable('RunCloud is away', madeCall);
    },
  });
  await world.putDomain(settledItem({ dueAt: NOW, sendAt: NOW, ...domain }));
  const atRest = { dueAt: NOW + DAY, sendAt: NOW + DAY, revision: 3 };
  await world.put(KEY, certificateItem({ state: 'valid', ...atRest, ...request }));
  return {
    world,
    request: async () => {
      const { dueAt, revision } = await world.certificate();
      return { isDueSoon: (dueAt ?? Infinity) <= world.time.now() + world.services.batchMs, revision };
    },
    healed: async () => {
      failing = false;
      await world.time.advance(HOUR);
      await world.pass();
      return world.domain();
    },
  };
}

describe('a pass that does not settle, and is the first to see a row, makes the certificate due', () => {
  test('that the row may have come without', async () => {
    const { world, request, healed } = await failingUpdate({ id: 9, www: true });
    await world.pass();
    expect(await world.domain()).toMatchObject({
      runcloudId: OTHER_ROW,
      state: 'present',
      dueAt: expect.any(Number),
    });
    expect(await request()).toEqual({ isDueSoon: true, revision: 4 });
    expect(world.certificateQueue.sent).toHaveLength(1);
    await world.pass();
    expect(await healed()).toMatchObject({ dueAt: null });
    expect((await world.certificate()).revision).toBe(4);
  });

  test('that does not cover a www. which is on again', async () => {
    const { world, request } = await failingUpdate({ www: true });
    await world.pass();
    expect(await world.domain()).toMatchObject({ wwwServed: true });
    expect(await request()).toEqual({ isDueSoon: true, revision: 4 });
  });

  test('that is being checked: the check may have read the domain before', async () => {
    const { world } = await failingUpdate(
      { id: 9, type: 'redirect' },
      {},
      { owner: 'a', leaseUntil: NOW + HOUR },
    );
    await world.pass();
    expect(await world.certificate()).toMatchObject({ owner: 'a', revision: 4 });
  });

  test('that awaits an order for the row which is gone', async () => {
    const { world } = await failingUpdate({ id: 9, www: true }, {}, { state: 'requested', orderedAt: NOW });
    await world.pass();
    expect(await world.certificate()).toMatchObject({ state: 'pending', orderedAt: null });
  });

  test('but not where it knows the row, nor where nothing is asked for', async () => {
    const known = await failingUpdate({ type: 'redirect', www: true });
    await known.world.pass();
    expect((await known.world.certificate()).revision).toBe(3);
    const closed = await failingUpdate({ id: 9, www: true }, {}, { wanted: false, state: 'none' });
    await closed.world.pass();
    expect((await closed.world.certificate()).revision).toBe(3);
  });
});

describe('a row that is seen first is stored only once its certificate is due', () => {
  test('which waits for a ledger that is out of reach', async () => {
    const { world, request } = await failingUpdate({ id: 9, www: true });
    const write: Ledger['write'] = async (key, ...written) => {
      if (key.item === KEY.item) throw new Unavailable('ledger');
      return world.ledger.write(key, ...written);
    };
    await world.passWith({ ...world.services, ledger: { ...world.ledger, write } });
    expect(await world.domain()).toMatchObject({ runcloudId: { id: 5 }, owner: null });
    await world.time.advance(world.services.delays.releasedMs);
    await world.pass();
    expect(await world.domain()).toMatchObject({ runcloudId: OTHER_ROW });
    expect(await request()).toEqual({ isDueSoon: true, revision: 4 });
  });

  test.each(['update', 'nothing'])(
    'and for an item that cannot be read, where %s fails meanwhile',
    async (fails) => {
      const { world, request, healed } = await failingUpdate({ id: 9, www: fails === 'update' });
      await world.ledger.spoil(KEY);
      await world.pass();
      const { runcloudId, wwwServed, attempts } = await world.domain();
      expect({ runcloudId, wwwServed, attempts }).toEqual({
        runcloudId: { id: 5, ...APP },
        wwwServed: false,
        attempts: fails === 'update' ? 1 : 0,
      });
      world.ledger.restore(KEY);
      expect(await healed()).toMatchObject({ runcloudId: OTHER_ROW, dueAt: null });
      expect(await request()).toEqual({ isDueSoon: true, revision: 4 });
    },
  );
});

describe('a pass of a name that fails', () => {
  const WWW_KEY = domainKey(NETWORK, `www.${DOMAIN}`);
  const sibling = settledItem({ domain: `www.${DOMAIN}`, runcloudId: { id: 6, ...APP } });

  test('wakes no www. where RunCloud showed nothing of its row', async () => {
    const world = reconcileWorld({
      rows: [row()],
      onCall: async () => {
        throw new RuncloudUnavailable('RunCloud is away', madeCall);
      },
    });
    await world.putDomain(settledItem({ dueAt: NOW, sendAt: NOW, wwwServed: null }));
    await world.put(WWW_KEY, sibling);
    await world.pass();
    expect(await world.domain()).toMatchObject({ attempts: 1 });
    expect(world.ledger.peek(WWW_KEY)).toEqual(sibling);
  });

  test('wakes the www. that its row has served, as it has seen', async () => {
    const { world } = await failingUpdate({ type: 'redirect', www: true }, { wwwServed: null });
    await world.put(WWW_KEY, sibling);
    await world.pass();
    expect(world.ledger.peek(WWW_KEY)).toMatchObject({
      dueAt: expect.any(Number),
      revision: sibling.revision + 1,
    });
  });
});
