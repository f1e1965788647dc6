import { appendFileSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { type Scenario, scenarios } from './scenario.ts';

/** Histories that have broken a promise once, one a line; played again by every test run. */
const KEPT_FILE = fileURLToPath(new URL('kept.jsonl', import.meta.url));

export interface KeptHistory {
  /** What it broke. */
  readonly broken: string;
  readonly scenario: Scenario;
}

/** A part that a line leaves out would be played as nothing at all, and one too many not at all. */
const assertWhole = ({ broken, scenario }: KeptHistory): void => {
  const [sample = {}] = fc.sample(scenarios, 1);
  const parts = [Object.keys(scenario), Object.keys(sample)].map((keys) => keys.toSorted().join(', '));
  if (parts[0] !== parts[1]) throw new Error(`"${broken}" is a history of ${parts[0]}, not of ${parts[1]}`);
};

const historyOf = (line: string): KeptHistory => {
  const history: KeptHistory = JSON.parse(line);
  assertWhole(history);
  return history;
};

export const keptHistories = (): readonly KeptHistory[] =>
  readFileSync(KEPT_FILE, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map(historyOf);

export const keep = (history: KeptHistory): void => appendFileSync(KEPT_FILE, `${JSON.stringify(history)}\n`);
