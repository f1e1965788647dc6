import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { isNetworkName } from '../network-name.ts';
import { SecretFaulty } from '../secret-faulty.ts';
import { type NetworkSettings, parseSettings, type Secrets } from '../settings.ts';
import type { Clock } from '../sync/ports.ts';
import { reach } from './reach.ts';
import { type SdkSettings, sdkOptions } from './sdk-options.ts';
import { cachedSecrets } from './secret-cache.ts';

export const secretsManagerClient = (settings?: SdkSettings): SecretsManagerClient =>
  new SecretsManagerClient(sdkOptions(settings));

/** `prefix` may end with a slash or not. */
const secretName = (prefix: string, network: string) => `${prefix.replace(/\/+$/, '')}/${network}`;

/** Settings out of Secrets Manager. What `pick` leaves out is never kept. */
export const secretsManager = <T>({
  client,
  prefix,
  clock,
  pick,
}: {
  client: SecretsManagerClient;
  prefix: string;
  clock: Pick<Clock, 'now'>;
  pick: (settings: NetworkSettings) => T;
}): Secrets<T> => {
  const ask = async (network: string): Promise<T | undefined> => {
    const command = new GetSecretValueCommand({ SecretId: secretName(prefix, network) });
    const answer = await reach(
      'secrets',
      () => client.send(command),
      (error) => (error instanceof ResourceNotFoundException ? ('unknown' as const) : undefined),
    );
    if (answer === 'unknown') return undefined;
    if (answer.SecretString === undefined) throw new SecretFaulty('must be stored as text, not as bytes');
    return pick(parseSettings(answer.SecretString));
  };

  const cached = cachedSecrets(ask, clock);
  return {
    // Any other name would be part of another secret's name, or of another stage's.
    settings: async (network, options) =>
      isNetworkName(network) ? cached.settings(network, options) : undefined,
  };
};
