import fc from 'fast-check';
import {
  type PlannedUpdate,
  SAID_AFTER_MOVE,
  updates,
  type WeeksLater,
  weeksLater,
} from './chance/planned-updates.ts';
import { FAULTS, type Fault } from './chance/runcloud-faults.ts';
import { type SslPlan, sslPlans } from './chance/ssl-plan.ts';
import type { ListForm } from './world/runcloud-api.ts';

/** What may be wrong with a whole network for a while, until an operator repairs it. */
export const INCIDENTS = [
  'unauthorized',
  'forbidden',
  'app-gone',
  'secret',
  'paused',
  'claimed',
  // The token is another one from now on, in RunCloud and in the secret.
  'rotated',
  // An operator puts a wrong token into the secret.
  'wrong-token',
  // No secret has that name any more.
  'missing',
  // RunCloud answers with 429 only: the month's calls are used up.
  'quota',
  // Something before RunCloud answers with a web page.
  'blocked',
  // RunCloud answers every call with a 5xx.
  'down',
] as const;
export type IncidentKind = (typeof INCIDENTS)[number];

export interface Incident {
  readonly kind: IncidentKind;
  /** Seconds after the beginning, and how long it lasts. */
  readonly from: number;
  readonly lasts: number;
}

/** What an operator does in RunCloud's panel, beside the relay. */
export interface OperatorAction {
  readonly does: 'delete' | 'put-back' | 'add' | 'redirect';
  readonly domain: number;
  /** Seconds after the beginning. */
  readonly at: number;
}

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
  /** 0: no removal limit. */
  readonly removalsPerHour: number;
  /** Seconds after the beginning at which the secret begins to name another application; null: never. */
  readonly movesAt: number | null;
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
  /** Null: no worker manages certificates. */
  readonly ssl: SslPlan | null;
}

/** A worker may keep the old secret this long. */
const SECRET_KEPT_SECONDS = 310;

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

const incident: fc.Arbitrary<Incident> = fc.record({
  kind: fc.constantFrom(...INCIDENTS),
  from: fc.nat({ max: 1_800 }),
  // One in four for longer than the relay tries.
  lasts: fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 60, max: 4 * 3_600 }) },
    fc.integer({ min: 16 * 3_600, max: 20 * 3_600 }),
  ),
});

const operatorAction: fc.Arbitrary<OperatorAction> = fc.record({
  does: fc.constantFrom('delete', 'put-back', 'add', 'redirect'),
  domain: fc.nat({ max: SAID_AFTER_MOVE }),
  // Some while updates arrive, some once all work is done.
  at: fc.oneof(fc.nat({ max: 3_600 }), fc.nat({ max: 40 * 3_600 })),
});

/** Without a total only a list of one page is complete; with one, so is a list whose pages all state the same. */
const LIST_FORMS: readonly ListForm[] = [
  { rowsPerPage: 40, meta: 'pagination' },
  { rowsPerPage: 40, meta: 'lastPage' },
  { rowsPerPage: 40, meta: 'lastPage-without-total' },
  { rowsPerPage: 3, meta: 'pagination' },
  { rowsPerPage: 3, meta: 'last_page' },
];

/** The shop comes up most, because most updates are about it. */
const aDomain = fc.oneof(fc.constant(2), fc.nat({ max: SAID_AFTER_MOVE - 1 }));

/** A move, and the updates around it: some workers keep the old secret, others read the new one. */
interface Move {
  readonly at: number;
  readonly around: readonly { readonly domain: number; readonly offset: number }[];
}

// One history in three.
const move: fc.Arbitrary<Move | null> = fc.oneof(
  { weight: 2, arbitrary: fc.constant(null) },
  fc.record({
    at: fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 3_000 })),
    around: fc.array(
      fc.record({
        domain: fc.nat({ max: SAID_AFTER_MOVE - 1 }),
        // A pass may read the secret before the move, and be slow until another one has read the next.
        offset: fc.oneof(
          fc.integer({ min: -120, max: 30 }),
          fc.integer({ min: -120, max: SECRET_KEPT_SECONDS }),
        ),
      }),
      { maxLength: 5 },
    ),
  }),
);

function saidAround({ at, around }: Move): PlannedUpdate[] {
  return around.map(({ domain, offset }) => ({
    domain,
    wanted: 'present',
    www: false,
    fast: 0,
    saidAt: Math.max(0, at + offset),
    deliveries: [0],
  }));
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
    incident: fc.option(incident, { freq: 2 }),
    duplicates: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.constant(true)),
    removalsPerHour: fc.constantFrom(0, 60, 60, 1),
    move,
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
      fc.array(operatorAction, { minLength: 1, maxLength: 3 }),
    ),
    comparesAt: fc.option(fc.nat({ max: 3_600 }), { freq: 2 }),
    callsPerMinute: fc.constant(60),
    lists: fc.constantFrom(...LIST_FORMS),
    // Every other history.
    ssl: fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: sslPlans }),
  })
  .map(({ move, updates, duplicates, ...scenario }) => ({
    ...scenario,
    updates: move === null ? updates : [...updates, ...saidAround(move)],
    movesAt: move?.at ?? null,
    // It is unknown which of two rows has the certificate that is shown.
    duplicates: duplicates && scenario.ssl === null,
  }));
