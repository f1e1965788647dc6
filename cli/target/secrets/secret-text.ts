import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
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
