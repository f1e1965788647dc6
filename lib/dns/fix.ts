import { isIPv4, isIPv6 } from 'node:net';
import { getDomain } from 'tldts';
import type { Addresses } from './addresses.ts';
import type { CaaRefusal } from './caa.ts';
import { type AddressReason, foreignAddresses } from './verdict.ts';

interface DnsTarget {
  readonly serverAddresses: readonly string[];
  readonly dnsTarget: string | null;
}

/** A zone may hold hundreds of records, too many for a sentence. */
const shownAtMost = 4;

function listed(items: readonly string[]): string {
  const more = items.length - shownAtMost;
  return items.slice(0, shownAtMost).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** The apex of a zone cannot hold a CNAME (RFC 1912, 2.4). */
function isApex(name: string) {
  return getDomain(name, { allowPrivateDomains: true }) === name;
}

/** The record to create, and its value. */
function recordToMake(name: string, { serverAddresses, dnsTarget }: DnsTarget): string {
  const ipv4 = serverAddresses.find(isIPv4);
  const ipv6 = serverAddresses.find(isIPv6);
  const [type, address] = ipv4 === undefined ? ['an AAAA', ipv6] : ['an A', ipv4];
  if (dnsTarget === null || dnsTarget === name) {
    return address === undefined ? `${name} at the server` : `${type} record for ${name} at ${address}`;
  }
  if (!isApex(name)) return `a CNAME record for ${name} at ${dnsTarget}`;
  const byName = `an ALIAS or ANAME record for ${name} at ${dnsTarget}`;
  return address === undefined ? byName : `${byName}, or ${type} record at ${address}`;
}

/** A sentence for the name's owner: how to point the name here, and where it points now. */
export function addressFix(
  reason: AddressReason,
  name: string,
  { addresses, exists }: Addresses,
  target: DnsTarget,
  /** The name that this one is an alias of, if it was looked up. */
  alias: string | null = null,
): string {
  const record = recordToMake(name, target);
  const foreign = foreignAddresses(addresses, target.serverAddresses);
  switch (reason) {
    case 'dns-none': {
      const missing = exists ? 'has no address' : 'does not exist';
      const now =
        alias === null ? `now ${name} ${missing}` : `it is now an alias of ${alias}, which ${missing}`;
      return `Point ${record}; ${now}`;
    }
    case 'dns-mismatch': {
      const partly = foreign.length < addresses.length ? ' and nowhere else' : '';
      return `Point ${record}${partly}; it now points at ${listed(addresses)}`;
    }
    case 'dns-ipv6': {
      const ipv6 = target.serverAddresses.find(isIPv6);
      const orChange = ipv6 === undefined ? '' : `, or point it at ${ipv6}`;
      return `Remove the AAAA record of ${name}${orChange}; it now points at ${listed(foreign)}`;
    }
    case 'dns-unanswered':
      return `DNS gave no full answer about ${name} and is asked again; if this lasts, check the name servers of its domain`;
  }
}

export function caaUnansweredFix(zone: string): string {
  return `DNS gave no answer about CAA records of ${zone} and is asked again; if this lasts, check the name servers of its domain`;
}

/** The CAA record that admits Let's Encrypt, and where the set that excludes it was found. */
export function caaFix({ zone, alias, issuers, critical, malformed, parameter }: CaaRefusal): string {
  const place = alias === null ? zone : `${alias}, which ${zone} is an alias of`;
  if (critical.length > 0) {
    return `Remove the critical CAA record (${listed(critical)}) of ${place}; Let’s Encrypt does not know it, so it allows no certificate`;
  }
  if (malformed) {
    return `Replace the CAA record for letsencrypt.org at ${place} by 0 issue "letsencrypt.org"; its value is malformed, so it allows no certificate authority (RFC 8659)`;
  }
  if (parameter === 'validationmethods') {
    return `Add http-01 to the validationmethods of the CAA record for letsencrypt.org at ${place}; they now allow no certificate by http-01, which RunCloud uses (RFC 8657)`;
  }
  if (parameter === 'accounturi') {
    return `Add the CAA record 0 issue "letsencrypt.org" without accounturi to ${place}; its CAA records now allow one account only, and it is unknown whether that is RunCloud’s (RFC 8657)`;
  }
  const now = issuers.length === 0 ? 'no certificate authority' : `only ${listed(issuers)}`;
  return `Add the CAA record 0 issue "letsencrypt.org" to ${place}; its CAA records now allow ${now}`;
}
