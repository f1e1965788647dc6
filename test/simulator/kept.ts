import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Scenario } from './scenario.ts';

/** Histories that have broken a promise once, one a line; played again by every test run. */
export const KEPT_FILE = fileURLToPath(new URL('kept.json', import.meta.url));

export interface KeptHistory {
  /** What it broke. */
  readonly broken: string;
  readonly scenario: Scenario;
}

export const keptHistories = (): readonly KeptHistory[] => JSON.parse(readFileSync(KEPT_FILE, 'utf8'));
