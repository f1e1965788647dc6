import { isIPv6 } from 'node:net';
import { addressSet } from './address-set.ts';
import type { Addresses } from './addresses.ts';
import { cloudflareRanges } from './cloudflare-ranges.ts';

/** Why a name's addresses do not pass the gate. */
export type AddressReason = 'dns-none' | 'dns-mismatch' | 'dns-ipv6' | 'dns-unanswered';
export type AddressVerdict = 'here' | 'proxied' | AddressReason;

interface Terms {
  readonly serverAddresses: readonly string[];
  readonly dnsReady: boolean;
}

const knownProxies = addressSet(cloudflareRanges);

/** Addresses that are neither the server's nor a known proxy's. */
export function foreignAddresses(
  addresses: readonly string[],
  serverAddresses: readonly string[],
): readonly string[] {
  const ours = addressSet(serverAddresses);
  return addresses.filter((address) => !ours.has(address) && !knownProxies.has(address));
}

/** True if visitors of the name may reach this server: at least one address is the server's, or a known proxy's. */
export function leadsHere(addresses: readonly string[], serverAddresses: readonly string[]): boolean {
  return foreignAddresses(addresses, serverAddresses).length < addresses.length;
}

/** One foreign address is enough to fail: visitors and the CA use any address, IPv6 first. */
export function addressVerdict(
  { addresses, complete }: Addresses,
  { serverAddresses, dnsReady }: Terms,
): AddressVerdict {
  const foreign = foreignAddresses(addresses, serverAddresses);
  if (foreign.length > 0 && !dnsReady) {
    const ipv4IsRight = foreign.every(isIPv6) && !addresses.every(isIPv6);
    return ipv4IsRight ? 'dns-ipv6' : 'dns-mismatch';
  }
  // The unanswered half may hold a foreign address.
  if (!complete) return 'dns-unanswered';
  if (addresses.length === 0) return 'dns-none';
  const ours = addressSet(serverAddresses);
  return addresses.every(ours.has) ? 'here' : 'proxied';
}
