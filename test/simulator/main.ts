import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { keep } from './kept.ts';
import { type Scenario, scenarios } from './scenario.ts';
import { simulate } from './simulate.ts';

/**
 * Searches for a history that breaks a promise: `npm run simulate -- --runs 10000 --seed 7`, all of one kind with
 * `--focus '{"roughness":1}'`. Prints the shortest one found, keeps it as a test with `--keep`, and ends with 1; ends
 * with 0 when there was none.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now()) },
    focus: { type: 'string', default: '{}' },
    // Any history is enough: leaves out the search for the shortest.
    any: { type: 'boolean', default: false },
    // Searches for a fault reported in these words, and ignores every other.
    breaks: { type: 'string', default: '' },
    // The shortest history becomes one of those that every test run plays again.
    keep: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed) | 0;
const looksFor = new RegExp(values.breaks);
const runs = Number(values.runs);
/** Parts of every history that are not left to chance. */
const focus: Partial<Scenario> = JSON.parse(values.focus);
const focused = scenarios.map((scenario): Scenario => ({ ...scenario, ...focus }));

const SHOWN_EVERY_MS = 5_000;
/** A long history takes seconds to play, and there are ever shorter ones to try. */
const SHORTENED_FOR_MS = 180_000;
const beganAt = performance.now();
function seconds() {
  return `${((performance.now() - beganAt) / 1_000).toFixed(0)} s`;
}
let played = 0;
let failed = 0;
let firstFailedAt = 0;
let shownAt = beganAt;

function show(): void {
  if (performance.now() - shownAt < SHOWN_EVERY_MS) return;
  shownAt = performance.now();
  const doing =
    failed === 0 ? `${played} of ${runs} histories` : `looking for the shortest, ${failed} fail so far`;
  console.error(`${doing}, ${seconds()}`);
}

async function holds(scenario: Scenario): Promise<boolean> {
  if (failed > 0 && performance.now() - firstFailedAt > SHORTENED_FOR_MS) return true;
  const faults = (await simulate(scenario)).faults.filter((fault) => looksFor.test(fault));
  if (failed === 0) played++;
  if (faults.length > 0) {
    if (failed === 0) {
      firstFailedAt = performance.now();
      // For a reader who does not wait for the shortest.
      console.error(`${faults.join('\n')}\n${JSON.stringify(scenario)}`);
    }
    failed++;
  }
  show();
  return faults.length === 0;
}

const found = await fc.check(fc.asyncProperty(focused, holds), {
  numRuns: runs,
  seed,
  endOnFailure: values.any,
});

function tell(failures: number): void {
  console.log(`${played} histories, ${failures} failed, seed ${seed}, ${seconds()}`);
}

if (!found.failed) {
  tell(0);
} else {
  const [shortest] = found.counterexample ?? [];
  if (shortest === undefined) throw found.errorInstance ?? new Error('The search ended without an example');
  const { faults, log } = await simulate(shortest);
  console.log(log.join('\n'));
  console.log(JSON.stringify(shortest));
  for (const fault of faults) console.log(`BROKEN ${fault}`);
  if (values.keep) keep({ broken: faults[0] ?? '', scenario: shortest });
  console.log(`${values.keep ? 'Kept' : 'With --keep it is kept'} in test/simulator/kept.jsonl`);
  tell(1);
  process.exitCode = 1;
}
