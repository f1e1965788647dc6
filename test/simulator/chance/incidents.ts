import fc from 'fast-check';

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

export const incidents: fc.Arbitrary<Incident> = fc.record({
  kind: fc.constantFrom(...INCIDENTS),
  from: fc.nat({ max: 1_800 }),
  // One in four for longer than the relay tries.
  lasts: fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 60, max: 4 * 3_600 }) },
    fc.integer({ min: 16 * 3_600, max: 20 * 3_600 }),
  ),
});
