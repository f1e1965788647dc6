import { type LookupAddress, type LookupAllOptions, lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { isLoopbackAddress, isPublicAddress } from './public-address.ts';

/** The address that a name resolves to must not be connected to. */
export class ForbiddenAddress extends Error {
  override readonly name = 'ForbiddenAddress';
  readonly code = 'forbidden-address';

  constructor() {
    super('it resolves to an address that is not public');
  }
}

/** A host of this very machine, as the secret names it; nothing else may resolve to one. */
function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || isLoopbackAddress(host);
}

function isAllowed(address: string, host: string): boolean {
  return isLoopbackHost(host) ? isLoopbackAddress(address) : isPublicAddress(address);
}

/** All addresses of a name, as `dns.lookup` gives them. */
export type ResolveAll = (
  host: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * Resolves a name and refuses it unless all of its addresses may be connected to. The socket connects to the very addresses
 * that were checked: no second resolution can put another one in their place.
 */
export function checkedLookup(resolve: ResolveAll = lookup): LookupFunction {
  return (host, options, callback) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '');
      const [first] = addresses;
      if (first === undefined || !addresses.every(({ address }) => isAllowed(address, host))) {
        return callback(new ForbiddenAddress(), '');
      }
      return options.all === true ? callback(null, addresses) : callback(null, first.address, first.family);
    });
  };
}

/** A host that is an address is not looked up. */
export function isForbiddenHost(host: string): boolean {
  return isIP(host) !== 0 && !isAllowed(host, host);
}
