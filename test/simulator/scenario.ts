import fc from 'fast-check';
import type { Readers } from '../../lib/sync/ledger/work/owed-outcome.ts';
import { type Incident, incidents } from './chance/incidents.ts';
import { LIST_FORMS } from './chance/list-forms.ts';
import { moves, SECRET_KEPT_SECONDS, updatesAround } from './chance/moves.ts';
import { type OperatorAction, operatorActions } from './chance/planned-actions.ts';
import {
  type PlannedUpdate,
  SAID_AFTER_MOVE,
  updates,
  type WeeksLater,
  weeksLater,
} from './chance/planned-updates.ts';
import { FAULTS, type Fault } from './chance/runcloud-faults.ts';
import { type SslPlan, sslPlans } from './chance/ssl-plan.ts';
import { type Surroundings, surroundings } from './chance/surroundings.ts';
import type { ListForm } from './world/runcloud/runcloud-api.ts';

export interface Scenario {
  readonly seed: number;
  readonly updates: readonly PlannedUpdate[];
  /** Null: the history ends once all work is done. */
  readonly weeksLater: WeeksLater | null;
  /** How often calls fail while updates arrive, from 0 (all works) to 1. */
  readonly roughness: number;
  /** How often one task alone is slow, by seconds to minutes, from 0 (never) to 1; also once the world is repaired. */
  readonly slowness: number;
  /** How often a write meets an item that was written meanwhile, from 0 (only where one was) to 1. */
  readonly contention: number;
  /** How often the index of due work shows what it showed before, from 0 to 1. */
  readonly indexLag: number;
  /** Seconds a lease lives; below the worker's time it ends under a slow worker. */
  readonly leaseSeconds: number;
  readonly workers: number;
  /** By how much the clock of each worker's host is fast. */
  readonly skewsMs: readonly number[];
  /** The faults that a call to RunCloud may meet in this history. */
  readonly faults: readonly Fault[];
  readonly incident: Incident | null;
  /** Whether RunCloud holds a name more than once. */
  readonly duplicates: boolean;
  /** Who learns of successes: the multisite, if the secret has a `CALLBACK_URL`, and people, by mail. */
  readonly readers: Readers;
  /** 0: no removal limit. */
  readonly removalsPerHour: number;
  /** 0: no limit. */
  readonly additionsPerHour: number;
  /** How long a removal waits in case it is taken back; 0: it does not. */
  readonly removalGraceMinutes: number;
  /** Seconds after the beginning at which the secret begins to name another application; null: never. */
  readonly movesAt: number | null;
  /** Domains of which that application has a row from the beginning. */
  readonly thereToo: readonly number[];
  /** From this many seconds after the beginning on the secret protects one of the domains too; null: never. */
  readonly protects: { readonly domain: number; readonly from: number } | null;
  /** Until this many seconds after the beginning RunCloud refuses to add one of the domains; null: it does not. */
  readonly refuses: { readonly domain: number; readonly until: number } | null;
  readonly operatorActions: readonly OperatorAction[];
  /** Seconds after the beginning at which RunCloud is first compared with the ledger; null: on the next day. */
  readonly comparesAt: number | null;
  /** How many calls a minute RunCloud says that it takes. */
  readonly callsPerMinute: number;
  /** How RunCloud shows its lists. */
  readonly lists: ListForm;
  readonly surroundings: Surroundings;
  /** Null: no worker manages certificates. */
  readonly ssl: SslPlan | null;
}

/** The updates of a history: one more follows a move, because only a pass shows the relay the new application. */
export function updatesOf({
  updates,
  movesAt,
}: Pick<Scenario, 'updates' | 'movesAt'>): readonly PlannedUpdate[] {
  return movesAt === null
    ? updates
    : [
        ...updates,
        {
          domain: SAID_AFTER_MOVE,
          wanted: 'present',
          www: false,
          saidAt: movesAt + SECRET_KEPT_SECONDS,
          fast: 0,
          deliveries: [0],
        },
      ];
}

/** The shop comes up most, because most updates are about it. */
const aDomain = fc.oneof(fc.constant(2), fc.nat({ max: SAID_AFTER_MOVE - 1 }));

function isLong({ foreignRows }: Surroundings, { rowsPerPage }: ListForm): boolean {
  return foreignRows / rowsPerPage > 5;
}

/** A list that takes longer than a worker's time is read by none: that is known (docs/rules.md, "Rate limit and removal limit"). */
function withListInTime(around: Surroundings, form: ListForm): Surroundings {
  const { latency } = around;
  const runcloudMs = isLong(around, form) ? Math.min(latency.runcloudMs, 900) : latency.runcloudMs;
  return { ...around, latency: { ...latency, runcloudMs } };
}

/** Shrinks towards few updates in a world that works: what is left of a failing history is what it needs. */
export const scenarios: fc.Arbitrary<Scenario> = fc
  .record({
    seed: fc.noShrink(fc.integer({ min: 0, max: 2 ** 31 - 1 })),
    updates,
    // One history in twelve.
    weeksLater: fc.oneof({ weight: 11, arbitrary: fc.constant(null) }, weeksLater),
    // Not a double: those of fast-check are mostly next to nothing.
    roughness: fc.nat({ max: 100 }).map((percent) => percent / 100),
    // Two histories in three.
    slowness: fc.oneof(
      { weight: 1, arbitrary: fc.constant(0) },
      { weight: 2, arbitrary: fc.integer({ min: 1, max: 100 }).map((percent) => percent / 100) },
    ),
    // Every other history.
    contention: fc.oneof(fc.constant(0), fc.constantFrom(0.02, 0.1, 0.3)),
    indexLag: fc.oneof(fc.constant(0), fc.constantFrom(0.1, 0.5)),
    leaseSeconds: fc.constantFrom(330, 330, 60, 5),
    workers: fc.integer({ min: 1, max: 4 }),
    skewsMs: fc.array(fc.integer({ min: -2_400, max: 2_400 }), { minLength: 1, maxLength: 4 }),
    faults: fc.subarray([...FAULTS], { minLength: 1 }),
    incident: fc.option(incidents, { freq: 2 }),
    duplicates: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.constant(true)),
    // The multisite in three histories of four, people in every other.
    readers: fc.record({
      multisite: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.constant(false)),
      people: fc.boolean(),
    }),
    removalsPerHour: fc.constantFrom(0, 60, 60, 1),
    additionsPerHour: fc.constantFrom(0, 300, 300, 2),
    removalGraceMinutes: fc.constantFrom(0, 0, 2, 15),
    move: moves,
    // One history in four.
    protects: fc.oneof(
      { weight: 3, arbitrary: fc.constant(null) },
      {
        weight: 1,
        arbitrary: fc.record({ domain: aDomain, from: fc.nat({ max: 3_600 }) }),
      },
    ),
    // One history in four. The last of such a domain's tries comes an hour after the first.
    refuses: fc.oneof(
      { weight: 3, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.record({ domain: aDomain, until: fc.nat({ max: 3 * 3_600 }) }) },
    ),
    // One history in three.
    operatorActions: fc.oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      fc.array(operatorActions, { minLength: 1, maxLength: 3 }),
    ),
    comparesAt: fc.option(fc.nat({ max: 3_600 }), { freq: 2 }),
    callsPerMinute: fc.constantFrom(60, 60, 10),
    lists: fc.constantFrom(...LIST_FORMS),
    surroundings,
    // Every other history.
    ssl: fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: sslPlans }),
  })
  .map(({ move, updates, duplicates, ...scenario }) => ({
    ...scenario,
    updates: move === null ? updates : [...updates, ...updatesAround(move)],
    movesAt: move?.at ?? null,
    thereToo: move?.thereToo ?? [],
    // It is unknown which of two rows has the certificate that is shown.
    duplicates: duplicates && scenario.ssl === null,
    surroundings: withListInTime(scenario.surroundings, scenario.lists),
    callsPerMinute: isLong(scenario.surroundings, scenario.lists) ? 60 : scenario.callsPerMinute,
  }));
