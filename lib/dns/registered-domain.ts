import { getDomain } from 'tldts';

/**
 * The unit in which Let's Encrypt counts certificates: the name below a public suffix, private suffixes included
 * (letsencrypt.org/docs/rate-limits). A suffix that is served itself is its own unit.
 */
export function registeredDomain(name: string): string {
  const host = name.replace(/^\*\./, '');
  return getDomain(host, { allowPrivateDomains: true, extractHostname: false }) ?? host;
}
