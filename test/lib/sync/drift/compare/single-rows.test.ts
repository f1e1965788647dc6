import { describe, expect, test } from '@jest/globals';
import type { HostedDomain } from '../../../../../lib/sync/ledger/runcloud-ports.ts';
import { DAY, DOMAIN, NOW, row, SECOND } from '../../../../support/sync/items.ts';
import { comparing, due, primary, settled } from './compared.ts';

/** A list of three pages, whose ids rise: the network's own row, that of the domain, and those of others. */
const others = Array.from({ length: 85 }, (_, n) =>
  row({ id: n < 38 ? n + 10 : n + 20, name: `other-${n}.example` }),
);
const list = [primary, row(), ...others];

describe('a comparison records since when every name has one row', () => {
  test('so that the removal of what was there by then costs two calls', async () => {
    const world = await comparing({ items: [settled()], rows: [primary, row()] });
    await world.compare();
    expect((await world.network()).singleRowsAt).toBe(NOW);
    const at = world.time.now();
    await world.putDomain({ ...(await world.domain()), wanted: 'absent', dueAt: at, sendAt: at });
    await world.pass();
    expect(world.ops().slice(1)).toEqual(['find', 'remove']);
  });

  test('and no longer, once it sees a name twice', async () => {
    const world = await comparing({
      items: [settled()],
      rows: [primary, row(), row({ id: 6 })],
      network: due({ singleRowsAt: NOW - DAY }),
    });
    await world.compare();
    expect((await world.network()).singleRowsAt).toBeNull();
  });

  const singleRowsAt = async (rows: readonly HostedDomain[]): Promise<number | null> => {
    const world = await comparing({ items: [settled()], rows, network: due({ singleRowsAt: NOW - DAY }) });
    await world.compare();
    expect((await world.network()).drift).not.toBeNull();
    return (await world.network()).singleRowsAt;
  };

  test('of a list of several pages too, where no row can have slipped between them', async () => {
    expect(await singleRowsAt(list)).toBe(NOW);
  });

  test('and leaves what was known where one may have: the ids do not rise', async () => {
    expect(await singleRowsAt(list.toReversed())).toBe(NOW - DAY);
  });

  test('and knows nothing of a list that it read in several calls', async () => {
    const world: Awaited<ReturnType<typeof comparing>> = await comparing({
      items: [settled()],
      rows: list,
      network: due({ singleRowsAt: NOW - DAY }),
      onCall: async ({ op }) => {
        if (op === 'page') await world.time.advance(20 * SECOND);
      },
    });
    do await world.compare(118 * SECOND);
    while ((await world.network()).comparison?.begunAt !== null);
    expect((await world.network()).singleRowsAt).toBeNull();
  });

  test('and no second row slips past it while one goes and another comes, which leaves the total as it was', async () => {
    const rows = list.toSpliced(40, 0, row({ id: 50, name: DOMAIN }));
    let pages = 0;
    const world: Awaited<ReturnType<typeof comparing>> = await comparing({
      items: [settled()],
      rows,
      onCall: async ({ op }) => {
        if (op !== 'page') return;
        pages += 1;
        if (pages !== 2) return;
        world.hosting.rows.delete(10);
        world.hosting.rows.set(900, row({ id: 900, name: 'new.example' }));
      },
    });
    await world.compare();
    expect((await world.network()).singleRowsAt).toBeNull();
    const at = world.time.now();
    await world.putDomain({ ...(await world.domain()), wanted: 'absent', dueAt: at, sendAt: at });
    await world.pass();
    expect([...world.hosting.rows.values()].filter(({ name }) => name === DOMAIN)).toEqual([]);
  });
});
