import type { Goal } from '../../../lib/sync/reconcile/plan/plan.ts';
import { DOMAIN } from './items.ts';

/** An announced domain that is wanted, of which nothing is known. */
export function goal(part: Partial<Goal> = {}): Goal {
  return {
    domain: DOMAIN,
    wanted: 'present',
    announced: true,
    www: false,
    native: false,
    knownId: null,
    parkable: null,
    blind: false,
    ambiguous: false,
    protectedDomains: ['network.example'],
    secondRowPossible: false,
    ...part,
  };
}
