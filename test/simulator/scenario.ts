import fc from 'fast-check';
import { FAULTS, type Fault } from './call-of-chance.ts';
import { type SslPlan, sslPlans } from './ssl-plan.ts';

/** One thing the multisite says, and when each copy of it reaches the relay. */
export interface PlannedWord {
  readonly domain: number;
  readonly wanted: 'present' | 'absent';
  readonly www: boolean;
  /** Seconds after the beginning; two words may share one. */
  readonly saidAt: number;
  /** Seconds by which the clock of the host that says it is fast. */
  readonly fast: number;
  /** Seconds between the saying and each delivery: late, twice, out of order. */
  readonly deliveries: readonly number[];
}

/** What may be wrong with a whole network for a while, until somebody mends it. */
export const TROUBLES = [
  'unauthorized',
  'forbidden',
  'app-gone',
  'secret',
  'paused',
  'claimed',
  // The token is another one from now on, in RunCloud and in the secret.
  'rotated',
  // Somebody puts a wrong token into the secret.
  'wrong-token',
] as const;
export type TroubleKind = (typeof TROUBLES)[number];

export interface Trouble {
  readonly kind: TroubleKind;
  /** Seconds after the beginning, and how long it lasts. */
  readonly from: number;
  readonly lasts: number;
}

/** What somebody does in RunCloud's panel, beside the relay. */
export interface Hand {
  readonly does: 'delete' | 'put-back' | 'add';
  readonly domain: number;
  /** Seconds after the beginning. */
  readonly at: number;
}

export interface Scenario {
  readonly seed: number;
  readonly words: readonly PlannedWord[];
  /** How rough the world is while words arrive, from 0 (all works) to 1. */
  readonly roughness: number;
  /** Seconds a lease lives; below the worker's time it ends under a slow worker. */
  readonly leaseSeconds: number;
  readonly workers: number;
  /** By how much the clock of each worker's host is fast. */
  readonly skewsMs: readonly number[];
  /** What may befall a call to RunCloud in this history. */
  readonly faults: readonly Fault[];
  readonly trouble: Trouble | null;
  /** 0: no brake. */
  readonly removalsPerHour: number;
  /** Seconds after the beginning at which the secret begins to name another application; null: never. */
  readonly movesAt: number | null;
  readonly hands: readonly Hand[];
  /** Seconds after the beginning at which RunCloud is first compared with the ledger; null: on the next day. */
  readonly comparesAt: number | null;
  /** Null: nobody looks after certificates. */
  readonly ssl: SslPlan | null;
}

export const DOMAINS = [
  'acme-bikes.com',
  'www.acme-bikes.com',
  'shop.acme-bikes.com',
  'promoted.example.org',
  'said-after-the-move.example.org',
] as const;
/** A worker may keep the old secret so long. */
const SECRET_KEPT_SECONDS = 310;
const SAID_AFTER_MOVE = DOMAINS.length - 1;

/** The words of a history: one more follows a move, for only a look shows the relay the new application. */
export const wordsOf = ({ words, movesAt }: Pick<Scenario, 'words' | 'movesAt'>): readonly PlannedWord[] =>
  movesAt === null
    ? words
    : [
        ...words,
        {
          domain: SAID_AFTER_MOVE,
          wanted: 'present',
          www: false,
          saidAt: movesAt + SECRET_KEPT_SECONDS,
          fast: 0,
          deliveries: [0],
        },
      ];

const word: fc.Arbitrary<PlannedWord> = fc.record({
  // The shop comes up most: a long story of one name finds more than short ones of many.
  domain: fc.oneof(fc.constant(2), fc.nat({ max: SAID_AFTER_MOVE - 1 })),
  wanted: fc.constantFrom('present', 'absent'),
  www: fc.boolean(),
  fast: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat({ max: 240 })),
  // Much happens at the same moment: that is where looks and words meet.
  saidAt: fc.oneof(fc.constantFrom(0, 60, 900), fc.nat({ max: 1_800 })),
  deliveries: fc.array(fc.oneof(fc.constantFrom(0, 1, 840), fc.nat({ max: 1_200 })), {
    minLength: 1,
    maxLength: 3,
  }),
});

const trouble: fc.Arbitrary<Trouble> = fc.record({
  kind: fc.constantFrom(...TROUBLES),
  from: fc.nat({ max: 1_800 }),
  lasts: fc.integer({ min: 60, max: 4 * 3_600 }),
});

const hand: fc.Arbitrary<Hand> = fc.record({
  does: fc.constantFrom('delete', 'put-back', 'add'),
  domain: fc.nat({ max: SAID_AFTER_MOVE }),
  // Some while words arrive, some when all has come to rest.
  at: fc.oneof(fc.nat({ max: 3_600 }), fc.nat({ max: 40 * 3_600 })),
});

/** Shrinks towards few words in a world that works: what is left of a failing history is what it needs. */
export const scenarios: fc.Arbitrary<Scenario> = fc.record({
  seed: fc.noShrink(fc.integer({ min: 0, max: 2 ** 31 - 1 })),
  words: fc.array(word, { minLength: 1, maxLength: 10 }),
  // Not a double: those of fast-check are mostly next to nothing.
  roughness: fc.nat({ max: 100 }).map((percent) => percent / 100),
  leaseSeconds: fc.constantFrom(330, 330, 60, 5),
  workers: fc.integer({ min: 1, max: 4 }),
  skewsMs: fc.array(fc.integer({ min: -2_400, max: 2_400 }), { minLength: 1, maxLength: 4 }),
  faults: fc.subarray([...FAULTS], { minLength: 1 }),
  trouble: fc.option(trouble, { freq: 2 }),
  removalsPerHour: fc.constantFrom(0, 60, 60, 1),
  // One history in four.
  movesAt: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, fc.nat({ max: 3_000 })),
  // One history in three.
  hands: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.array(hand, { minLength: 1, maxLength: 3 })),
  comparesAt: fc.option(fc.nat({ max: 3_600 }), { freq: 2 }),
  // Every other history.
  ssl: fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: sslPlans }),
});
