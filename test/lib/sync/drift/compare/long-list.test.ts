import { describe, expect, test } from '@jest/globals';
import { RuncloudTimeout } from '../../../../../lib/runcloud/errors.ts';
import { comparisonKey, rateLimitKey } from '../../../../../lib/sync/ledger/keys.ts';
import { freshRateLimit } from '../../../../../lib/sync/network/limits/slots.ts';
import { HOUR, NETWORK, NOW, row, SECOND } from '../../../../support/sync/items.ts';
import { comparing, many, name, primary, rowsOf } from './compared.ts';

describe('a list too long for one call', () => {
  const items = many(200);
  const rows = [primary, ...rowsOf(items.slice(1)), row({ id: 900, name: 'stray.example' })];
  /** Every page takes long enough that two of them fill the call. */
  const slow = async (): Promise<Awaited<ReturnType<typeof comparing>>> => {
    const world = await comparing({
      items,
      rows,
      onCall: async ({ op }) => {
        if (op === 'page') await world.time.advance(20 * SECOND);
      },
    });
    return world;
  };

  test('is gone on with from the stored page, and what was read before counts', async () => {
    const world = await slow();
    await world.compare(118 * SECOND);
    const { comparison, drift } = await world.network();
    expect([comparison, drift]).toEqual([{ dueAt: world.time.now(), begunAt: NOW }, null]);
    expect(await world.get(comparisonKey(NETWORK))).toMatchObject({
      begunAt: NOW,
      nextPage: 5,
      rows: 41,
      total: 201,
    });
    while ((await world.network()).comparison?.begunAt !== null) await world.compare(118 * SECOND);
    expect(world.calls.flatMap((call) => (call.op === 'page' ? [call.number] : []))).toEqual([
      1, 6, 5, 4, 3, 2, 1,
    ]);
    expect((await world.network()).drift).toMatchObject({
      missing: { count: 1, names: [name(0)] },
      unknown: { count: 1, names: ['stray.example'] },
      unwanted: { count: 0 },
    });
  });

  test('starts again when what was read has become old, or belongs to another application', async () => {
    const world = await slow();
    await world.compare(118 * SECOND);
    await world.time.advance(7 * HOUR);
    await world.compare(118 * SECOND);
    expect(world.calls.flatMap((call) => (call.op === 'page' ? [call.number] : []))).toEqual([1, 6, 1, 6]);

    const other = await slow();
    await other.compare(118 * SECOND);
    await other.put(comparisonKey(NETWORK), { ...(await other.get(comparisonKey(NETWORK))), appId: '99' });
    await other.compare(118 * SECOND);
    expect(other.calls.flatMap((call) => (call.op === 'page' ? [call.number] : []))).toEqual([1, 6, 1, 6]);
  });

  test('is read in one call under a low limit, since a pass that has begun waits for its slots', async () => {
    const world = await comparing({ items, rows });
    await world.put(rateLimitKey('f00dfeedf00dfeed'), { ...freshRateLimit, limitPerMinute: 10 });
    await world.compare();
    expect((await world.network()).comparison?.begunAt).toBeNull();
    expect(world.calls.flatMap((call) => (call.op === 'page' ? [call.number] : []))).toEqual([
      1, 6, 5, 4, 3, 2, 1,
    ]);
  });

  test('keeps what has been read when RunCloud falls silent in between', async () => {
    let pages = 0;
    const world = await comparing({
      items,
      rows,
      onCall: async ({ op }) => {
        if (op === 'page' && ++pages === 3)
          throw new RuncloudTimeout('no answer', { method: 'GET', path: '/' });
      },
    });
    await world.compare();
    expect((await world.network()).comparison).toEqual({ dueAt: world.time.now() + HOUR, begunAt: NOW });
    expect(await world.get(comparisonKey(NETWORK))).toMatchObject({ nextPage: 5 });
  });
});
