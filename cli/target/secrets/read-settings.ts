import { InvalidSecret } from '../../../lib/settings/invalid-secret.ts';
import { type NetworkSettings, parseSettings } from '../../../lib/settings/settings.ts';
import { CommandFailed } from '../../errors.ts';
import { NoNetwork } from '../no-network.ts';
import type { Aws } from '../services/aws.ts';
import { readSecretText } from './secret-text.ts';

/** A network's secret, as the relay itself reads it. */
export async function readSettings(network: string, aws: Aws): Promise<NetworkSettings> {
  const text = await readSecretText(network, aws);
  if (text === undefined) throw new NoNetwork(network);
  try {
    return parseSettings(text);
  } catch (error) {
    if (error instanceof InvalidSecret)
      throw new CommandFailed(`${error.message}: correct it in the secret.`);
    throw error;
  }
}
