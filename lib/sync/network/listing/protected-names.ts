import { WWW } from '../../ledger/domains/www.ts';
import type { HostedDomain } from '../../ledger/runcloud-ports.ts';
import { namesOf, wildcardOver } from './served-names.ts';

/** True for a protected name, for the `www.` of one, and for the name one is the `www.` of: one row serves both. */
export function isProtected(domain: string, protectedDomains: readonly string[]): boolean {
  return protectedDomains.some((own) => domain === own || domain === WWW + own || WWW + domain === own);
}

/** Whether a protected name, or a wildcard over one, is among the names of this row. */
export function holdsProtected(
  row: Pick<HostedDomain, 'name' | 'type' | 'www' | 'wildcard'>,
  protectedDomains: readonly string[],
): boolean {
  const names = namesOf(row);
  return (
    names.some((name) => isProtected(name, protectedDomains)) ||
    protectedDomains.some((own) => names.includes(wildcardOver(own)))
  );
}
