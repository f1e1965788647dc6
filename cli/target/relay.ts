import { isNetworkName } from '../../lib/network-name.ts';
import { BadUsage, CommandFailed } from '../errors.ts';
import type { Io } from '../io.ts';
import type { GlobalOptions } from '../options.ts';
import { atStart } from './at-start.ts';
import { findTarget } from './find-target.ts';
import { askedCredentials, type CredentialKey } from './secrets/ask-credentials.ts';
import type { Credentials } from './secrets/credentials.ts';
import type { Target } from './target.ts';

/** One network of a relay, and what calls to it are made with. */
export interface Relay {
  readonly target: Target;
  readonly network: string;
  readonly credentials: Credentials;
}

/** The network that the options name, or the only one there is. */
async function networkOf(target: Target, { network }: GlobalOptions): Promise<string> {
  if (network !== undefined) {
    if (isNetworkName(network)) return network;
    throw new BadUsage('--network must be 1 to 32 lower case letters, digits or hyphens.');
  }
  const names = await target.networks();
  if (names === undefined) throw new BadUsage('Name the network with --network.');
  const [only, ...others] = names;
  if (only === undefined)
    throw new CommandFailed(`${atStart(target)} has no network yet: add one with relay network add.`);
  if (others.length > 0) throw new BadUsage(`Name the network with --network: ${names.join(', ')}.`);
  return only;
}

/** The relay and network that the options name, and what a command needs to call it. */
export async function findRelay(
  options: GlobalOptions,
  needs: readonly CredentialKey[],
  io: Io,
): Promise<Relay> {
  const target = await findTarget(options, io);
  const network = await networkOf(target, options);
  const credentials = await target.credentials(network);
  // A network on this machine or of a stage has a secret, where what is missing belongs.
  const isAddress = options.url !== undefined && !options.local;
  return {
    target,
    network,
    credentials: isAddress ? await askedCredentials(credentials, needs, io) : credentials,
  };
}
