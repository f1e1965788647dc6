import fc from 'fast-check';
import { FAULTS, type Fault } from './runcloud-of-chance.ts';

/** One thing the multisite says, and when each copy of it reaches the relay. */
export interface PlannedWord {
  readonly domain: number;
  readonly wanted: 'present' | 'absent';
  readonly www: boolean;
  /** Seconds after the beginning; two words may share one. */
  readonly saidAt: number;
  /** Seconds between the saying and each delivery: late, twice, out of order. */
  readonly deliveries: readonly number[];
}

export interface Scenario {
  readonly seed: number;
  readonly words: readonly PlannedWord[];
  /** How rough the world is while words arrive, from 0 (all works) to 1. */
  readonly roughness: number;
  /** Seconds a lease lives; below the worker's time it ends under a slow worker. */
  readonly leaseSeconds: number;
  readonly workers: number;
  /** What may befall a call to RunCloud in this history. */
  readonly faults: readonly Fault[];
}

export const DOMAINS = [
  'acme-bikes.com',
  'www.acme-bikes.com',
  'shop.acme-bikes.com',
  'promoted.example.org',
] as const;

const word: fc.Arbitrary<PlannedWord> = fc.record({
  // The shop comes up most: a long story of one name finds more than short ones of many.
  domain: fc.oneof(fc.constant(2), fc.nat({ max: DOMAINS.length - 1 })),
  wanted: fc.constantFrom('present', 'absent'),
  www: fc.boolean(),
  // Much happens at the same moment: that is where looks and words meet.
  saidAt: fc.oneof(fc.constantFrom(0, 60, 900), fc.nat({ max: 1_800 })),
  deliveries: fc.array(fc.oneof(fc.constantFrom(0, 1, 840), fc.nat({ max: 1_200 })), {
    minLength: 1,
    maxLength: 3,
  }),
});

/** Shrinks towards few words in a world that works: what is left of a failing history is what it needs. */
export const scenarios: fc.Arbitrary<Scenario> = fc.record({
  seed: fc.noShrink(fc.integer({ min: 0, max: 2 ** 31 - 1 })),
  words: fc.array(word, { minLength: 1, maxLength: 10 }),
  // Not a double: those of fast-check are mostly next to nothing.
  roughness: fc.nat({ max: 100 }).map((percent) => percent / 100),
  leaseSeconds: fc.constantFrom(330, 330, 60, 5),
  workers: fc.integer({ min: 1, max: 4 }),
  faults: fc.subarray([...FAULTS], { minLength: 1 }),
});
