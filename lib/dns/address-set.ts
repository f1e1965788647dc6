import { BlockList, isIP, isIPv6 } from 'node:net';

export interface AddressSet {
  has(address: string): boolean;
}

/** Addresses and networks (`203.0.113.0/24`), however an IPv6 address is spelled. What is neither is left out. */
export function addressSet(members: readonly string[]): AddressSet {
  // Apart, for a list of both would find an IPv4 member again in its IPv6 disguise (::ffff:203.0.113.10), which no
  // visitor reaches.
  const ipv4 = new BlockList();
  const ipv6 = new BlockList();
  for (const member of members) {
    const [address = '', prefix] = member.split('/');
    if (isIP(address) === 0) continue;
    const [list, family] = isIPv6(address) ? ([ipv6, 'ipv6'] as const) : ([ipv4, 'ipv4'] as const);
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return {
    has: (address) => (isIPv6(address) ? ipv6.check(address, 'ipv6') : ipv4.check(address, 'ipv4')),
  };
}
