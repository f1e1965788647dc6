import fc from 'fast-check';
import { DOMAINS, type PlannedUpdate, SAID_AFTER_MOVE } from './planned-updates.ts';

/** A worker may keep the old secret this long. */
export const SECRET_KEPT_SECONDS = 310;

/** A move, and the updates around it: some workers keep the old secret, others read the new one. */
export interface Move {
  readonly at: number;
  readonly around: readonly (Pick<PlannedUpdate, 'domain' | 'wanted'> & { readonly offset: number })[];
  /** Domains of which the other application has a row from the beginning. */
  readonly thereToo: readonly number[];
}

// One history in three.
export const moves: fc.Arbitrary<Move | null> = fc.oneof(
  { weight: 2, arbitrary: fc.constant(null) },
  fc.record({
    at: fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 3_000 })),
    around: fc.array(
      fc.record({
        domain: fc.nat({ max: SAID_AFTER_MOVE - 1 }),
        wanted: fc.constantFrom('present', 'absent'),
        // A pass may read the secret before the move, and be slow until another one has read the next.
        offset: fc.oneof(
          fc.integer({ min: -120, max: 30 }),
          fc.integer({ min: -120, max: SECRET_KEPT_SECONDS }),
        ),
      }),
      { maxLength: 5 },
    ),
    thereToo: fc.subarray(DOMAINS.map((_, domain) => domain).slice(0, SAID_AFTER_MOVE)),
  }),
);

export function updatesAround({ at, around }: Move): PlannedUpdate[] {
  return around.map(({ domain, wanted, offset }) => ({
    domain,
    wanted,
    www: false,
    fast: 0,
    saidAt: Math.max(0, at + offset),
    deliveries: [0],
  }));
}
