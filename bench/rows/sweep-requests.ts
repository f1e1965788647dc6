import { freshNetwork } from '../../lib/sync/ledger/items/network-item.ts';
import { networkKey } from '../../lib/sync/ledger/keys.ts';
import { countedLedger } from '../../test/support/sync/counted-ledger.ts';
import { sweepWorld } from '../../test/support/sync/sweep-world.ts';
import type { Measure, Row } from '../row.ts';

/** What a sweep asks of the ledger that finds nothing due. */
async function idleSweep(networks: number) {
  const world = await sweepWorld([]);
  for (let n = 0; n < networks; n += 1) {
    const network = `network-${n}.example.com`;
    world.ledger.put(networkKey(network), freshNetwork(network));
  }
  const { ledger, asked } = countedLedger(world.ledger);
  const counted = await sweepWorld([], { ledger: () => ledger });
  await counted.sweep();
  return { requests: asked.items + asked.writes + asked.queries, units: asked.units };
}

function rowsOf(networks: string, of: { requests: number; units: number }, goals: typeof of): Row[] {
  return (['requests', 'units'] as const).map((what) => ({
    measure: `${what === 'units' ? 'read units' : what} of a sweep that finds nothing due, ${networks}`,
    value: of[what],
    goal: goals[what],
    unit: 'count',
  }));
}

/** What a sweep costs, which asks each network for its due certificates. */
export const measure: Measure = async () => [
  ...rowsOf('one network', await idleSweep(1), { requests: 11, units: 6 }),
  ...rowsOf('500 networks', await idleSweep(500), { requests: 510, units: 265 }),
];
