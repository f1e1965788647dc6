import { BlockList, isIP, isIPv6 } from 'node:net';
import { lazy } from '../lazy.ts';

export interface AddressSet {
  has(address: string): boolean;
}

function listsOf(members: readonly string[]) {
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
  return { ipv4, ipv6 };
}

/** Addresses and networks (`203.0.113.0/24`), in any spelling of IPv6. Other texts are ignored. */
export function addressSet(members: readonly string[]): AddressSet {
  // Node takes a while to load and fill its lists, and many a cold start asks for none.
  const lists = lazy(() => listsOf(members));
  return {
    has: (address) =>
      isIPv6(address) ? lists().ipv6.check(address, 'ipv6') : lists().ipv4.check(address, 'ipv4'),
  };
}
