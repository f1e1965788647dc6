import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { firstFailure } from './first-failure.ts';
import { histories } from './histories.ts';
import { keep } from './kept.ts';
import type { Scenario } from './scenario.ts';
import { search } from './search.ts';
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
    // Changes nothing but the time it takes.
    processes: { type: 'string', default: String(availableParallelism()) },
    // The shortest history becomes one of those that every test run plays again.
    keep: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed) | 0;
const runs = Number(values.runs);
/** Parts of every history that are not left to chance. */
const focus: Partial<Scenario> = JSON.parse(values.focus);

const SHOWN_EVERY_MS = 5_000;
const SHORTEN_FOR_MS = 180_000;
const beganAt = performance.now();
function seconds() {
  return `${((performance.now() - beganAt) / 1_000).toFixed(0)} s`;
}
let shownAt = beganAt;

function show(played: number, failed: number): void {
  if (performance.now() - shownAt < SHOWN_EVERY_MS) return;
  shownAt = performance.now();
  const doing =
    failed === 0 ? `${played} of ${runs} histories` : `looking for the shortest, ${failed} fail so far`;
  console.error(`${doing}, ${seconds()}`);
}

/** The index of the first history that fails, if any: with one process, the search for the shortest looks for it itself. */
async function firstIndex(): Promise<number | undefined> {
  const processes = Math.min(runs, Number(values.processes));
  if (processes <= 1) return 0;
  const searched = { runs, seed, focus, breaks: values.breaks };
  return firstFailure(searched, processes, (played) => show(played, 0));
}

const from = await firstIndex();
const { found, foundAt } = await search({
  histories: histories(focus),
  play: simulate,
  plays: (index) => index >= (from ?? runs),
  breaks: new RegExp(values.breaks),
  runs: from === undefined ? 0 : runs,
  seed,
  shortenForMs: values.any ? 0 : SHORTEN_FOR_MS,
  now: () => performance.now(),
  onPlayed: show,
  // For a reader who does not wait for the shortest.
  onFailure: ({ faults, history }) => console.error(`${faults.join('\n')}\n${JSON.stringify(history)}`),
});

if (found !== undefined) {
  const { faults, log, history } = found;
  console.log(log.join('\n'));
  console.log(JSON.stringify(history));
  for (const fault of faults) console.log(`BROKEN ${fault}`);
  if (values.keep) keep({ broken: faults[0] ?? '', scenario: history });
  console.log(`${values.keep ? 'Kept' : 'With --keep it is kept'} in test/simulator/kept.jsonl`);
  process.exitCode = 1;
}
const played = foundAt === undefined ? runs : foundAt + 1;
console.log(`${played} histories, ${found === undefined ? 0 : 1} failed, seed ${seed}, ${seconds()}`);
