import type { DomainItem } from '../ledger/domain-item.ts';
import { domainKey } from '../ledger/keys.ts';
import type { Ledger } from '../ledger/ports.ts';
import { unlessUnreadable } from '../ledger/unreadable.ts';
import { updateItem } from '../ledger/update.ts';
import { makeDue } from '../ledger/work-item.ts';
import { WWW } from '../ledger/www.ts';
import type { TargetState } from './plan.ts';

function requeueIf(
  ledger: Ledger,
  network: string,
  domain: string,
  now: number,
  wants: (item: DomainItem) => boolean,
): Promise<void> {
  return unlessUnreadable(() =>
    updateItem(ledger, domainKey(network, domain), (item) => {
      // What finally failed is not tried again because a neighbour moved.
      if (item === undefined || item.wanted !== 'present' || item.state === 'failed' || !wants(item)) {
        return { result: undefined };
      }
      return { write: { ...item, ...makeDue(item, now, now) }, result: undefined };
    }),
  );
}

/**
 * A name and its `www.` can be served by one row of RunCloud, so the end of one may be the other's work: `www.X`
 * wanted in its own right when X goes or loses its `www.`, and X when the row of `www.X` makes room. A look that
 * failed (`ending` undefined) may have changed the row all the same, and what was never read may have been served.
 */
export async function requeueSibling(
  ledger: Ledger,
  item: DomainItem,
  target: TargetState | undefined,
  now: number,
): Promise<void> {
  const { network, domain } = item;
  if (domain.startsWith(WWW)) {
    const mayBeGone = target === undefined ? item.wanted === 'absent' : target.state === 'absent';
    if (mayBeGone) await requeueIf(ledger, network, domain.slice(WWW.length), now, ({ www }) => www);
    return;
  }
  const serves = target?.state === 'present' && target.row?.www === true;
  if (item.wwwServed !== false && !serves) await requeueIf(ledger, network, WWW + domain, now, () => true);
}
