import { Resolver } from 'node:dns/promises';
import { BlockList, isIPv6 } from 'node:net';
import { caaAllows } from './caa.ts';

export interface Validation {
  /** `ip:port` each. */
  readonly dnsServers: readonly string[];
  /** Addresses that hand on to every server what comes in, as a CDN does; may change while it runs. */
  readonly proxies: ReadonlySet<string>;
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

/** No such record and no such name are answers. No answer is none, and rejects. */
async function records<T>(question: Promise<T[]>): Promise<T[]> {
  try {
    return await question;
  } catch (error) {
    if (codeOf(error) === 'ENODATA' || codeOf(error) === 'ENOTFOUND') return [];
    throw error;
  }
}

function familyOf(address: string) {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}

function isAmong(address: string, allowed: Iterable<string>): boolean {
  const list = new BlockList();
  for (const one of allowed) list.addAddress(one, familyOf(one));
  return list.check(address, familyOf(address));
}

/** The set nearest to the name decides (RFC 8659). */
async function mayIssue(resolver: Resolver, name: string): Promise<boolean> {
  for (let zone = name; zone !== ''; zone = zone.split('.').slice(1).join('.')) {
    const properties = await records(resolver.resolveCaa(zone));
    if (properties.length > 0) return caaAllows(properties);
  }
  return true;
}

/**
 * Whether the CA would reach a server under a name: every question answered, no CAA in the way, and the address it goes
 * to (IPv6 first) the server's own or a proxy's. It asks by itself, because it tests the relay's own opinion.
 */
export function leadsTo({ dnsServers, proxies }: Validation) {
  return async (name: string, serverAddress: string): Promise<boolean> => {
    const resolver = new Resolver({ timeout: 1_000, tries: 2 });
    resolver.setServers(dnsServers);
    try {
      const [ipv6, ipv4, allowed] = await Promise.all([
        records(resolver.resolve6(name)),
        records(resolver.resolve4(name)),
        mayIssue(resolver, name),
      ]);
      const target = ipv6[0] ?? ipv4[0];
      return allowed && target !== undefined && isAmong(target, [serverAddress, ...proxies]);
    } catch {
      // The CA gives up on a name whose DNS does not answer.
      return false;
    }
  };
}
