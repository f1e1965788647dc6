import { Resolver } from 'node:dns/promises';
import { BlockList, isIPv6 } from 'node:net';

/** Where a name points, seen from a server: `unanswered` if what is missing could change the verdict. */
export type DnsVerdict = 'here' | 'elsewhere' | 'none' | 'unanswered';

export interface Addresses {
  readonly addresses: readonly string[];
  /** Both questions, for IPv4 and for IPv6, were answered. */
  readonly complete: boolean;
}

export type ResolveAddresses = (name: string, timeoutMs: number) => Promise<Addresses>;

/** A name without such records, and a name that does not exist: both are answers. */
const emptyAnswers: ReadonlySet<unknown> = new Set(['ENODATA', 'ENOTFOUND']);

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;

/** The records of one kind; undefined if no resolver answered. */
const answered = async (question: Promise<string[]>): Promise<string[] | undefined> => {
  try {
    return await question;
  } catch (error) {
    return emptyAnswers.has(codeOf(error)) ? [] : undefined;
  }
};

/** Asks these resolvers (none: the system's) for a name's addresses, aliases followed; never the hosts file. */
export const addressResolver =
  (servers: readonly string[]): ResolveAddresses =>
  async (name, timeoutMs) => {
    const resolver = new Resolver();
    if (servers.length > 0) resolver.setServers(servers);
    const timer = setTimeout(() => resolver.cancel(), timeoutMs);
    try {
      const answers = await Promise.all([
        answered(resolver.resolve4(name)),
        answered(resolver.resolve6(name)),
      ]);
      return {
        addresses: answers.flatMap((addresses) => addresses ?? []),
        complete: answers.every((addresses) => addresses !== undefined),
      };
    } finally {
      clearTimeout(timer);
    }
  };

const familyOf = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4');

/** One address elsewhere is enough: visitors, and the CA, take any of them, IPv6 first. */
export const dnsVerdict = (
  { addresses, complete }: Addresses,
  serverAddresses: readonly string[],
): DnsVerdict => {
  // An IPv6 address has many spellings.
  const here = new BlockList();
  for (const address of serverAddresses) here.addAddress(address, familyOf(address));
  if (addresses.some((address) => !here.check(address, familyOf(address)))) return 'elsewhere';
  if (!complete) return 'unanswered';
  return addresses.length === 0 ? 'none' : 'here';
};
