import fc from 'fast-check';
import { SAID_AFTER_MOVE } from './planned-updates.ts';

/** What an operator does in RunCloud's panel, beside the relay. */
export interface OperatorAction {
  readonly does: 'delete' | 'put-back' | 'add' | 'add-first' | 'redirect';
  readonly domain: number;
  /** Seconds after the beginning. */
  readonly at: number;
}

export const operatorActions: fc.Arbitrary<OperatorAction> = fc.record({
  does: fc.constantFrom('delete', 'put-back', 'add', 'add-first', 'redirect'),
  domain: fc.nat({ max: SAID_AFTER_MOVE }),
  // Some while updates arrive, some once all work is done.
  at: fc.oneof(fc.nat({ max: 3_600 }), fc.nat({ max: 40 * 3_600 })),
});
