import { describe, expect, test } from '@jest/globals';
import { fc } from '../support/property.ts';
import { SEED } from '../support/seed.ts';
import { histories } from './histories.ts';
import { focuses } from './plants/focuses.ts';
import { type Scenario, scenarios } from './scenario.ts';
import { search } from './search.ts';
import { simulate } from './simulate.ts';

/** What the shortest history breaks that was found within the time of a test. */
async function brokenBy(histories: fc.Arbitrary<Scenario>, runs: number, seed: number) {
  const { found } = await search({
    histories,
    play: simulate,
    runs,
    seed,
    shortenForMs: 40_000,
    now: () => performance.now(),
  });
  return found && { faults: found.faults, history: JSON.stringify(found.history) };
}

describe('whatever fails, in whatever order', () => {
  // In portions: each has its own time.
  const portions = Array.from({ length: 8 }, (_, portion) => SEED + portion);
  test.each(portions)(
    'the last update about every domain comes true, and nothing else does: seed %i',
    async (seed) => {
      expect(await brokenBy(scenarios, 15, seed)).toBeUndefined();
    },
  );

  test('one seed always gives one history', async () => {
    const [scenario] = fc.sample(scenarios, { numRuns: 1, seed: 11 });
    if (scenario === undefined) throw new Error('no sample');
    const rough = { ...scenario, roughness: 1 };
    expect((await simulate(rough)).log).toEqual((await simulate(rough)).log);
  });
});

describe('in a history of the kind in which a fault is searched for, without the fault', () => {
  const kinds = Object.entries(focuses).filter(([kind]) => kind !== 'anything');
  test.each(kinds)('nothing is broken: %s', async (_kind, focus) => {
    expect(await brokenBy(histories(focus), 10, SEED)).toBeUndefined();
  });
});
