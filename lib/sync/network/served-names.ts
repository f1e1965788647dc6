import type { HostedDomain } from '../ledger/ports.ts';
import { WWW } from '../ledger/www.ts';

type Row = Pick<HostedDomain, 'name' | 'type' | 'www' | 'wildcard'>;

const WILDCARD = '*.';

/** The name above this one: `example.com` of `shop.example.com`. */
export function parentOf(domain: string): string {
  return domain.slice(domain.indexOf('.') + 1);
}

/** The wildcard that covers this name. */
export function wildcardOver(domain: string): string {
  return WILDCARD + parentOf(domain);
}

/** The names a row stands for, whether it serves them or sends their visitors elsewhere. */
export function namesOf({ name, www, wildcard }: Row): string[] {
  return [
    name,
    ...(www === true ? [WWW + name] : []),
    ...(wildcard && !name.startsWith(WILDCARD) ? [WILDCARD + name] : []),
  ];
}

/** The names a row serves. A row that sends its visitors elsewhere serves none. */
export function servedNames(row: Row): string[] {
  return row.type === 'redirect' ? [] : namesOf(row);
}

/** Whether a row serves the `www.` of its name; null: an older API does not say. */
export function servesWww({ type, www }: Row): boolean | null {
  return type === 'redirect' ? false : (www ?? null);
}
