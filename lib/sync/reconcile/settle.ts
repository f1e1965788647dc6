import type { DomainItem, RuncloudId } from '../ledger/domain-item.ts';
import { released } from '../ledger/lease.ts';
import type { ItemUpdate } from '../ledger/update.ts';
import { ambiguityOf } from '../ledger/work-lease.ts';
import { servesWww } from '../network/served-names.ts';
import { nextState, type Patch, type SettleInput } from './next-state.ts';

/** `again`: work was made due meanwhile, so look once more. `lost`: the lease is another's, nothing was written. */
export type Settled =
  | { readonly kind: 'done'; readonly item: DomainItem }
  | { readonly kind: 'again' }
  | { readonly kind: 'lost' };

function runcloudIdOf(item: DomainItem, { observations, app }: SettleInput): RuncloudId | null {
  if (observations.row === undefined || app === undefined) return item.runcloudId;
  return observations.row === null ? null : { id: observations.row.id, ...app };
}

function wwwServedOf(item: DomainItem, { observations: { row } }: SettleInput): boolean | null {
  if (row === undefined) return item.wwwServed;
  return row === null ? null : servesWww(row);
}

/** What was seen and answered: true whatever is wanted by now. */
function observationsPatch(item: DomainItem, input: SettleInput): Patch {
  return {
    ...released,
    attempt: null,
    ambiguousUntil:
      input.unanswered && item.attempt !== null
        ? ambiguityOf(item, item.attempt, input.delays.ambiguityMs)
        : item.ambiguousUntil,
    runcloudId: runcloudIdOf(item, input),
    wwwServed: wwwServedOf(item, input),
  };
}

/**
 * The rule of a look's end: facts are stored by whoever still holds the lease; state, counts and schedule only if
 * nothing made the work due since the look began, else its answer would end a request it never saw.
 */
export function settle(item: DomainItem | undefined, input: SettleInput): ItemUpdate<DomainItem, Settled> {
  if (item === undefined || item.owner !== input.owner) return { result: { kind: 'lost' } };
  const observations = observationsPatch(item, input);
  if (item.revision !== input.revision) {
    return { write: { ...item, ...observations, sendAt: input.now }, result: { kind: 'again' } };
  }
  const { answered } = input.observations;
  const write: DomainItem = {
    ...item,
    ...observations,
    answered: item.answered || answered,
    crashes: answered ? 0 : item.crashes,
    ...nextState(item, input, observations.ambiguousUntil ?? null),
  };
  return { write, result: { kind: 'done', item: write } };
}
