import { WWW } from '../sync/ledger/domains/www.ts';

/**
 * Whether `www.` is wanted if the event does not say: only for a registrable domain, private suffixes included. The
 * Public Suffix List takes a tenth of a cold start, so it is loaded at its first use.
 */
export async function defaultWww(domain: string): Promise<boolean> {
  if (domain.startsWith(WWW)) return false;
  const { getDomain } = await import('tldts');
  return getDomain(domain, { allowPrivateDomains: true, extractHostname: false }) === domain;
}
