import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { type Scenario, scenarios } from './scenario.ts';
import { simulate } from './simulate.ts';

/**
 * Searches for a history that breaks a promise: `node test/simulator/main.ts --runs 1000 --seed 7`, all of one kind with
 * `--focus '{"roughness":1}'`. Prints the shortest one found, and ends with 1; ends with 0 when there was none.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now()) },
    focus: { type: 'string', default: '{}' },
    // Any history will do: leaves out the search for the shortest.
    any: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed) | 0;
/** Parts of every history that are not left to chance. */
const focus: Partial<Scenario> = JSON.parse(values.focus);
const focused = scenarios.map((scenario): Scenario => ({ ...scenario, ...focus }));
const found = await fc.check(
  fc.asyncProperty(focused, async (scenario) => (await simulate(scenario)).faults.length === 0),
  { numRuns: Number(values.runs), seed, endOnFailure: values.any },
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
