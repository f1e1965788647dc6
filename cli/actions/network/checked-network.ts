import { isNetworkName } from '../../../lib/network-name.ts';
import { BadUsage } from '../../errors.ts';

/** A network's name as an argument. */
export function checkedNetwork(name: string): string {
  if (isNetworkName(name)) return name;
  throw new BadUsage('The name of a network must be 1 to 32 lower case letters, digits or hyphens.');
}
