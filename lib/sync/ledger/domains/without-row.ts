import type { DomainItem } from '../items/domain-item.ts';
import { freshCounts, makeDue } from '../items/work-item.ts';
import { toInstant } from '../time.ts';

/** A wanted domain without a row where it should have one: open work again, and its pass adds it without a read. */
export function withoutRow(
  item: DomainItem,
  now: number,
  dueAt: number,
  history: DomainItem['history'],
): DomainItem {
  return {
    ...item,
    ...freshCounts,
    runcloudId: null,
    addedId: null,
    parking: null,
    wwwServed: null,
    wwwWithheld: null,
    answered: false,
    state: 'pending',
    reason: null,
    since: toInstant(now),
    history,
    ...makeDue(item, dueAt, dueAt),
  };
}
