import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { scenarios } from './scenario.ts';
import { simulate } from './simulate.ts';

/**
 * Searches for a history that breaks a promise: `node test/simulator/main.ts --runs 1000 --seed 7`. Prints the
 * shortest one found, and ends with 1; ends with 0 when there was none.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now()) },
  },
});
const seed = Number(values.seed) | 0;
const found = await fc.check(
  fc.asyncProperty(scenarios, async (scenario) => (await simulate(scenario)).faults.length === 0),
  { numRuns: Number(values.runs), seed },
);
if (!found.failed) {
  console.log(`${found.numRuns} histories from seed ${seed}: every promise held`);
} else {
  const [shortest] = found.counterexample ?? [];
  if (shortest === undefined) throw new Error('The search ended without an example');
  const { faults, log } = await simulate(shortest);
  console.log(log.join('\n'));
  console.log(`After ${found.numRuns} histories from seed ${seed}: ${JSON.stringify(shortest)}`);
  for (const fault of faults) console.log(`BROKEN ${fault}`);
  process.exitCode = 1;
}
