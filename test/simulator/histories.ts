import type fc from 'fast-check';
import { type Scenario, scenarios } from './scenario.ts';

/** Histories with some parts that are not left to chance. */
export function histories(focus: Partial<Scenario>): fc.Arbitrary<Scenario> {
  return scenarios.map((scenario) => ({ ...scenario, ...focus }));
}
