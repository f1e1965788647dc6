import { appendFileSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Scenario } from './scenario.ts';

/** Histories that have broken a promise once, one a line; played again by every test run. */
const KEPT_FILE = fileURLToPath(new URL('kept.jsonl', import.meta.url));

export interface KeptHistory {
  /** What it broke. */
  readonly broken: string;
  readonly scenario: Scenario;
}

export const keptHistories = (): readonly KeptHistory[] =>
  readFileSync(KEPT_FILE, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

export const keep = (history: KeptHistory): void => appendFileSync(KEPT_FILE, `${JSON.stringify(history)}\n`);
