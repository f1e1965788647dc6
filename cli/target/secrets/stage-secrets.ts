import {
  GetSecretValueCommand,
  paginateListSecrets,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { isNetworkName } from '../../../lib/network-name.ts';
import { CommandFailed } from '../../errors.ts';
import type { Aws } from '../services/aws.ts';
import { awsFailure } from '../services/aws-failure.ts';
import { type Credentials, credentialsIn } from './credentials.ts';

/** Every network has a secret of its name. */
export async function secretNames({ client, secretPrefix }: Aws): Promise<string[]> {
  const secrets = new SecretsManagerClient(client('secrets-manager'));
  const names: string[] = [];
  try {
    const filters = [{ Key: 'name' as const, Values: [secretPrefix] }];
    for await (const { SecretList = [] } of paginateListSecrets({ client: secrets }, { Filters: filters })) {
      for (const { Name = '' } of SecretList) names.push(Name.slice(secretPrefix.length));
    }
  } catch (error) {
    throw awsFailure(error, 'the list of secrets');
  } finally {
    secrets.destroy();
  }
  return names.filter(isNetworkName);
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    // The parser's own message would quote the secret.
    return undefined;
  }
}

export async function networkSecret(network: string, { client, secretPrefix }: Aws): Promise<Credentials> {
  const secrets = new SecretsManagerClient(client('secrets-manager'));
  const name = `${secretPrefix}${network}`;
  try {
    const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: name }));
    return credentialsIn(jsonIn(SecretString ?? ''), `The secret ${name}`);
  } catch (error) {
    if (error instanceof CommandFailed) throw error;
    throw awsFailure(error, `the secret ${name}`);
  } finally {
    secrets.destroy();
  }
}
