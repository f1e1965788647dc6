import type { DomainItem } from '../../lib/sync/ledger/items/domain-item.ts';
import { type SoakUpdate, wantedBy } from './updates.ts';

/** What the ledger believes of a domain, beside what is true. */
type Believed = Pick<DomainItem, 'domain' | 'wanted' | 'state' | 'lastError'>;

interface Network {
  readonly name: string;
  /** Is there from the start, and no caller may remove it. */
  readonly ownDomain: string;
  readonly items: readonly Believed[];
}

/** Where RunCloud differs from the last updates: what is missing, and what should not be there. */
export function compare(
  updates: readonly SoakUpdate[],
  hosted: readonly string[],
  { name, ownDomain, items }: Network,
): { readonly lost: string[]; readonly zombies: string[] } {
  const wanted = wantedBy(updates, name).add(ownDomain);
  const told = (domain: string): string => {
    const item = items.find((one) => one.domain === domain);
    const belief = item === undefined ? 'not in the ledger' : `${item.wanted}, ${item.state}`;
    return `${name} ${domain} (${belief}, ${item?.lastError?.code ?? 'no error'})`;
  };
  return {
    lost: [...wanted].filter((domain) => !hosted.includes(domain)).map(told),
    zombies: hosted.filter((domain, at) => !wanted.has(domain) || hosted.indexOf(domain) !== at).map(told),
  };
}
