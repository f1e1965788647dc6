import type { DomainItem, RuncloudId } from '../ledger/items.ts';
import { ambiguityOf } from '../ledger/lease.ts';
import type { ItemUpdate } from '../ledger/update.ts';
import { servesWww } from '../network/served-names.ts';
import { endPatch, type Patch, type Settling } from './next-state.ts';

/** `again`: work was made due meanwhile, so look once more. `lost`: the lease is another's, nothing was written. */
export type Settled =
  | { readonly kind: 'done'; readonly item: DomainItem }
  | { readonly kind: 'again' }
  | { readonly kind: 'lost' };

const runcloudIdOf = (item: DomainItem, { facts, app }: Settling): RuncloudId | null => {
  if (facts.row === undefined || app === undefined) return item.runcloudId;
  return facts.row === null ? null : { id: facts.row.id, ...app };
};

const wwwServedOf = (item: DomainItem, { facts: { row } }: Settling): boolean | null => {
  if (row === undefined) return item.wwwServed;
  return row === null ? null : servesWww(row);
};

/** What was seen and answered: true whatever is wanted by now. */
const factsPatch = (item: DomainItem, settling: Settling): Patch => ({
  owner: null,
  leaseUntil: null,
  attempt: null,
  ambiguousUntil:
    settling.unanswered && item.attempt !== null
      ? ambiguityOf(item, item.attempt, settling.waits.ambiguityMs)
      : item.ambiguousUntil,
  runcloudId: runcloudIdOf(item, settling),
  wwwServed: wwwServedOf(item, settling),
});

/**
 * The rule of a look's end: facts are stored by whoever still holds the lease; state, counts and schedule only if
 * nothing made the work due since the look began, else its answer would end a wish it never saw.
 */
export const settle = (item: DomainItem | undefined, settling: Settling): ItemUpdate<DomainItem, Settled> => {
  if (item === undefined || item.owner !== settling.owner) return { result: { kind: 'lost' } };
  const facts = factsPatch(item, settling);
  if (item.revision !== settling.revision) {
    return { write: { ...item, ...facts, sendAt: settling.now }, result: { kind: 'again' } };
  }
  const { answered } = settling.facts;
  const write: DomainItem = {
    ...item,
    ...facts,
    answered: item.answered || answered,
    crashes: answered ? 0 : item.crashes,
    ...endPatch(item, settling, facts.ambiguousUntil ?? null),
  };
  return { write, result: { kind: 'done', item: write } };
};
