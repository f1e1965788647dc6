import {
  DecryptionFailure,
  GetSecretValueCommand,
  InvalidRequestException,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { CommandFailed } from '../../errors.ts';
import type { Aws } from '../services/aws.ts';
import { awsFailure } from '../services/aws-failure.ts';

/** The text of a network's secret; undefined: it has none. */
export async function readSecretText(
  network: string,
  { client, secretPrefix }: Aws,
): Promise<string | undefined> {
  const secrets = new SecretsManagerClient(client('secrets-manager'));
  const name = `${secretPrefix}${network}`;
  try {
    return (await secrets.send(new GetSecretValueCommand({ SecretId: name }))).SecretString ?? '';
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw awsFailure(error, `the secret ${name}`);
  } finally {
    secrets.destroy();
  }
}

/** Whether this secret can be read by nobody, the relay included: it waits for its deletion, or its KMS key is gone. */
export function isUnusable({ cause }: CommandFailed): boolean {
  return cause instanceof DecryptionFailure || cause instanceof InvalidRequestException;
}
