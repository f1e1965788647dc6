import { appendFileSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { QUIET } from './chance/surroundings.ts';
import type { Scenario } from './scenario.ts';

/** Histories that have broken a promise once, one a line; played again by every test run. */
const KEPT_FILE = fileURLToPath(new URL('kept.jsonl', import.meta.url));

export interface KeptHistory {
  /** What it broke. */
  readonly broken: string;
  readonly scenario: Scenario;
}

/** Defaults for a line. A new part of a history has the value here, or in `QUIET`, that it had before it existed. */
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
  readers: { multisite: true, people: true },
  removalsPerHour: 0,
  additionsPerHour: 0,
  removalGraceMinutes: 0,
  movesAt: null,
  thereToo: [],
  protects: null,
  refuses: null,
  operatorActions: [],
  comparesAt: null,
  callsPerMinute: 60,
  lists: { rowsPerPage: 40, meta: 'pagination' },
  surroundings: QUIET,
  ssl: null,
};

/** A part that nothing plays would make a line show less than it says. */
function assertKnown({ broken, scenario }: KeptHistory): void {
  const known = new Set([...Object.keys(USUAL), ...Object.keys(QUIET), 'seed', 'updates']);
  const parts = [...Object.keys(scenario), ...Object.keys(scenario.surroundings ?? {})];
  const unknown = parts.filter((part) => !known.has(part));
  if (unknown.length > 0) throw new Error(`"${broken}" has parts that no history has: ${unknown.join(', ')}`);
}

function historyOf(line: string): KeptHistory {
  const { broken, scenario }: KeptHistory = JSON.parse(line);
  assertKnown({ broken, scenario });
  const surroundings = { ...QUIET, ...scenario.surroundings };
  return { broken, scenario: { ...USUAL, ...scenario, surroundings } };
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
