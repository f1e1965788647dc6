import { BlockList, isIP, isIPv6 } from 'node:net';

export interface AddressSet {
  has(address: string): boolean;
}

/** Addresses and networks (`203.0.113.0/24`), in any spelling of IPv6. Other texts are ignored. */
export function addressSet(members: readonly string[]): AddressSet {
  // Two lists: one for both would match an IPv4 member in its IPv4-mapped form too (::ffff:203.0.113.10), which no
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
