import type { DomainItem } from '../items/domain-item.ts';
import { withEntry } from '../items/history.ts';
import { makeDueBy } from '../items/work-item.ts';
import { DAY_MS } from '../time.ts';
import type { ItemUpdate } from '../updates/update.ts';

/** After that an order with `www.` is tried again. */
const WITHHELD_MS = 7 * DAY_MS;

/** Whether the domain is served without its `www.`, because orders that covered both have failed. */
export function isWwwWithheld({ wwwWithheld }: Pick<DomainItem, 'wwwWithheld'>, now: number): boolean {
  return wwwWithheld !== null && !wwwWithheld.over && now < wwwWithheld.at + WITHHELD_MS;
}

/**
 * Withholds `www.` once in a week, and makes the domain due: sync-domain changes its row. Returns since when it is withheld;
 * null: it is not.
 */
export function withholdWww(now: number) {
  return (item: DomainItem | undefined): ItemUpdate<DomainItem, number | null> => {
    if (item === undefined || item.wanted === 'absent') return { result: null };
    const { wwwWithheld } = item;
    if (wwwWithheld !== null && now < wwwWithheld.at + WITHHELD_MS) {
      return { result: wwwWithheld.over ? null : wwwWithheld.at };
    }
    const history = withEntry(item.history, now, 'www-withheld');
    const write = { ...item, wwwWithheld: { at: now, over: false }, history, ...makeDueBy(item, now) };
    return { write, result: now };
  };
}

/** Gives `www.` back: the name alone has failed too, or its owner asks for another try (`anew`: it may be withheld again). */
export function giveWwwBack(now: number, { anew }: { readonly anew: boolean }) {
  return (item: DomainItem | undefined): ItemUpdate<DomainItem, undefined> => {
    if (item === undefined || item.wwwWithheld === null || item.wwwWithheld.over)
      return { result: undefined };
    const wwwWithheld = anew ? null : { ...item.wwwWithheld, over: true };
    return { write: { ...item, wwwWithheld, ...makeDueBy(item, now) }, result: undefined };
  };
}
