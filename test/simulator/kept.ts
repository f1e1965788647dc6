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

/** Defaults for a line. A new part of a history has the value here that it had before it existed. */
const USUAL: Omit<Scenario, 'seed' | 'updates'> = {
  weeksLater: null,
  roughness: 0,
  slowness: 0,
  contention: 0,
  indexLag: 0,
  leaseSeconds: 330,
  workers: 1,
  skewsMs: [0],
  faults: ['limited'],
  incident: null,
  duplicates: false,
  removalsPerHour: 0,
  movesAt: null,
  protects: null,
  refuses: null,
  operatorActions: [],
  comparesAt: null,
  callsPerMinute: 60,
  lists: { rowsPerPage: 40, meta: 'pagination' },
  ssl: null,
};

/** A part that nothing plays would make a line show less than it says. */
function assertKnown({ broken, scenario }: KeptHistory): void {
  const known = new Set([...Object.keys(USUAL), 'seed', 'updates']);
  const unknown = Object.keys(scenario).filter((part) => !known.has(part));
  if (unknown.length > 0) throw new Error(`"${broken}" has parts that no history has: ${unknown.join(', ')}`);
}

function historyOf(line: string): KeptHistory {
  const { broken, scenario }: KeptHistory = JSON.parse(line);
  assertKnown({ broken, scenario });
  return { broken, scenario: { ...USUAL, ...scenario } };
}

export function keptHistories(): readonly KeptHistory[] {
  return readFileSync(KEPT_FILE, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map(historyOf);
}

export function keep(history: KeptHistory): void {
  appendFileSync(KEPT_FILE, `${JSON.stringify(history)}\n`);
}
