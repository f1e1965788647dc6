import type { NetworkSettings } from '../../lib/settings/settings.ts';
import type { Internet } from '../world/internet.ts';

/** Where every server of our RunCloud is. */
const here = { A: ['127.0.0.1'] };

/** Where a domain is whose owner has not moved it yet (RFC 5737). */
const elsewhere = { A: ['198.51.100.7'] };

/** The networks' own domains lead to their servers. */
export function pointOwnDomains(internet: Internet, networks: Iterable<NetworkSettings>): void {
  for (const { protectedDomains } of networks) {
    for (const name of protectedDomains) internet.dns.set(name, here);
  }
}

/** Points a domain at the server, with the `www.` that belongs to it, or somewhere else. Returns its record. */
export function point({ dns }: Internet, domain: string, where: 'here' | 'elsewhere'): string {
  const records = where === 'here' ? here : elsewhere;
  dns.set(domain, records);
  if (where === 'here') dns.set(`www.${domain}`, { CNAME: domain });
  return `${domain} A ${records.A.join(', ')}`;
}
