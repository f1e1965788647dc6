import {
  DecryptionFailure,
  GetSecretValueCommand,
  InvalidRequestException,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { isNetworkName } from '../network-name.ts';
import { InvalidSecret } from '../settings/invalid-secret.ts';
import { type NetworkSettings, parseSettings, type Secrets } from '../settings/settings.ts';
import type { Clock } from '../sync/ledger/ports.ts';
import { callAws } from './call-aws.ts';
import { type SdkSettings, sdkOptions } from './sdk-options.ts';
import { cachedSecrets } from './secret-cache.ts';

export function secretsManagerClient(settings?: SdkSettings): SecretsManagerClient {
  return new SecretsManagerClient(sdkOptions(settings));
}

/** `prefix` may end with a slash or not. */
function secretName(prefix: string, network: string) {
  return `${prefix.replace(/\/+$/, '')}/${network}`;
}

/**
 * An answer that asking again does not change, unlike throttling or an outage. Then it is the network's secret that has to be
 * mended: API handlers say so with 503 as for any faulty one, workers rest the network and tell.
 */
function refusalOf(error: unknown): 'unknown' | InvalidSecret | undefined {
  if (error instanceof ResourceNotFoundException) return 'unknown';
  if (error instanceof InvalidRequestException)
    return new InvalidSecret('cannot be read: it is scheduled for deletion, or its rotation is');
  if (error instanceof DecryptionFailure) return new InvalidSecret('cannot be decrypted with its KMS key');
  if (error instanceof Error && error.name === 'AccessDeniedException')
    return new InvalidSecret('may not be read by this function');
  return undefined;
}

/** Settings out of Secrets Manager. What `pick` leaves out is never kept. */
export function secretsManager<T>({
  client,
  prefix,
  clock,
  pick,
}: {
  client: SecretsManagerClient;
  prefix: string;
  clock: Pick<Clock, 'now'>;
  pick: (settings: NetworkSettings) => T;
}): Secrets<T> {
  const ask = async (network: string): Promise<T | undefined> => {
    const command = new GetSecretValueCommand({ SecretId: secretName(prefix, network) });
    const answer = await callAws('secrets', (bounds) => client.send(command, bounds), refusalOf);
    if (answer === 'unknown') return undefined;
    if (answer instanceof InvalidSecret) throw answer;
    if (answer.SecretString === undefined) throw new InvalidSecret('must be stored as text, not as bytes');
    return pick(parseSettings(answer.SecretString));
  };

  const cached = cachedSecrets(ask, clock);
  return {
    // Any other name would be part of another secret's name, or of another stage's.
    settings: async (network, options) =>
      isNetworkName(network) ? cached.settings(network, options) : undefined,
  };
}
