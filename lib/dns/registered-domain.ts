import { getDomain } from 'tldts';

/**
 * What Let's Encrypt counts certificates by: the name below a public suffix, those of the list's private part among them
 * (letsencrypt.org/docs/rate-limits). A suffix that is served itself counts by itself.
 */
export function registeredDomain(name: string): string {
  const host = name.replace(/^\*\./, '');
  return getDomain(host, { allowPrivateDomains: true, extractHostname: false }) ?? host;
}
