import { WWW } from '../../ledger/domains/www.ts';
import type { HostedDomain } from '../../ledger/runcloud-ports.ts';

type Row = Pick<HostedDomain, 'name' | 'type' | 'www' | 'redirection' | 'wildcard'>;

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

/**
 * Whether a row that stands for this name has the web server send its visitors to the other name of the row. The
 * network's own row is as its operator wants it.
 */
export function sendsAway({ name: own, type, www, redirection }: Row, name: string): boolean {
  if (type === 'primary' || www !== true) return false;
  return (redirection === 'non-www' && name === WWW + own) || (redirection === 'www' && name === own);
}

/**
 * The names a row serves. A row that sends its visitors elsewhere serves none, and one that redirects its `www.` does not
 * serve that.
 */
export function servedNames(row: Row): string[] {
  if (row.type === 'redirect') return [];
  return namesOf(row).filter((name) => name === row.name || !sendsAway(row, name));
}

/** Whether a row serves the `www.` of its name; null: an older API does not say. */
export function servesWww({ type, www }: Row): boolean | null {
  return type === 'redirect' ? false : (www ?? null);
}
