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
 * An answer that a retry does not change, unlike throttling or an outage. The owner has to fix the network's secret: API
 * handlers answer 503 as for any faulty secret, workers pause the network and report it.
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

/** Reads settings from Secrets Manager. Keeps only what `pick` returns. */
export function secretsManager<T>({
  client,
  prefix,
  clock,
  pick,
  limited,
}: {
  client: SecretsManagerClient;
  prefix: string;
  clock: Pick<Clock, 'now'>;
  pick: (settings: NetworkSettings) => T;
  /** Names come from callers: few reads are spent on unknown ones. */
  limited?: boolean;
}): Secrets<T> {
  const ask = async (network: string): Promise<T | undefined> => {
    const command = new GetSecretValueCommand({ SecretId: secretName(prefix, network) });
    const answer = await callAws('secrets', (bounds) => client.send(command, bounds), refusalOf);
    if (answer === 'unknown') return undefined;
    if (answer instanceof InvalidSecret) throw answer;
    if (answer.SecretString === undefined) throw new InvalidSecret('must be stored as text, not as bytes');
    return pick(parseSettings(answer.SecretString));
  };

  const cached = cachedSecrets(ask, clock, { limited: limited ?? false });
  return {
    // Any other name could address another secret, or one of another stage.
    settings: async (network, options) =>
      isNetworkName(network) ? cached.settings(network, options) : undefined,
  };
}
