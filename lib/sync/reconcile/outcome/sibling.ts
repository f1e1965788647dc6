import { withoutReturn } from '../../ledger/domains/grace.ts';
import { WWW } from '../../ledger/domains/www.ts';
import type { DomainItem } from '../../ledger/items/domain-item.ts';
import { makeDue } from '../../ledger/items/work-item.ts';
import { domainKey } from '../../ledger/keys.ts';
import type { Ledger } from '../../ledger/ports.ts';
import { unlessUnreadable } from '../../ledger/unreadable.ts';
import { type ItemUpdate, type Seen, updateItem } from '../../ledger/updates/update.ts';
import type { TargetState } from '../plan/plan.ts';

async function requeueIf(
  ledger: Ledger,
  network: string,
  domain: string,
  { now, seen }: SiblingTerms,
  wants: (item: DomainItem) => boolean,
): Promise<void> {
  const rule = (item: DomainItem | undefined): ItemUpdate<DomainItem, undefined> => {
    const waiting = item === undefined ? undefined : withoutReturn(item);
    if (waiting !== undefined) return { write: waiting, result: undefined };
    // A failed domain is not tried again because its sibling changed.
    if (item === undefined || item.wanted !== 'present' || item.state === 'failed' || !wants(item)) {
      return { result: undefined };
    }
    return { write: { ...item, ...makeDue(item, now, now) }, result: undefined };
  };
  if (seen !== undefined && rule(seen.item).write === undefined) return;
  await unlessUnreadable(() => updateItem(ledger, domainKey(network, domain), rule, seen));
}

interface SiblingTerms {
  readonly now: number;
  /** The pass has seen the row serve its `www.`, or has changed the row. */
  readonly servedWww?: boolean;
  /** The sibling as it was before the pass asked RunCloud. Only for a pass that took no row and no `www.` away. */
  readonly seen?: Seen<DomainItem> | undefined;
}

/**
 * One row of RunCloud can serve a name and its `www.`, so a change of one may make work for the other: `www.X` needs a row
 * of its own when X goes or loses its `www.`, and X may have its `www.` back when the row of `www.X` goes. A pass that failed
 * (`target` undefined) may have changed the row all the same.
 */
export async function requeueSibling(
  ledger: Ledger,
  item: DomainItem,
  target: TargetState | undefined,
  terms: SiblingTerms,
): Promise<void> {
  const { network, domain } = item;
  // It had no row before. Two parked siblings would requeue each other for ever.
  if (item.state === 'parked' && target?.state === 'parked') return;
  if (domain.startsWith(WWW)) {
    const mayBeGone = target === undefined ? item.wanted === 'absent' : target.state !== 'present';
    if (mayBeGone)
      await requeueIf(ledger, network, domain.slice(WWW.length), { now: terms.now }, ({ www }) => www);
    return;
  }
  const serves = target?.state === 'present' && target.row?.www === true;
  // An update may have served `www.X`, and its pass may have settled by that row, before the ledger learnt of it.
  const mayHaveServed = item.wwwServed !== false || item.ambiguousUntil !== null || terms.servedWww === true;
  if (mayHaveServed && !serves) await requeueIf(ledger, network, WWW + domain, terms, () => true);
}
