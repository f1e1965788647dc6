import {
  CreateSecretCommand,
  DeleteSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { z } from 'zod';
import { CommandFailed } from '../../errors.ts';
import { NoNetwork } from '../no-network.ts';
import type { Aws } from '../services/aws.ts';
import { awsFailure } from '../services/aws-failure.ts';
import { readSecretText } from './secret-text.ts';

/** What a network's secret holds, by key. Keys that this version does not know are kept as they are. */
export type SecretValues = Readonly<Record<string, unknown>>;

const valuesSchema = z.record(z.string(), z.unknown());

async function send(aws: Aws, what: string, call: (client: SecretsManagerClient) => Promise<unknown>) {
  const client = new SecretsManagerClient(aws.client('secrets-manager'));
  try {
    await call(client);
  } catch (error) {
    throw awsFailure(error, what);
  } finally {
    client.destroy();
  }
}

/** The secret of a network that there is. */
export async function readValues(network: string, aws: Aws): Promise<SecretValues> {
  const text = await readSecretText(network, aws);
  if (text === undefined) throw new NoNetwork(network);
  try {
    return valuesSchema.parse(JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch {
    // The parser's own message would quote the secret.
    throw new CommandFailed(
      `The secret ${aws.secretPrefix}${network} is not a JSON object: correct it, README.md shows its keys.`,
    );
  }
}

export function createValues(network: string, values: SecretValues, aws: Aws): Promise<void> {
  const Name = `${aws.secretPrefix}${network}`;
  const SecretString = JSON.stringify(values);
  return send(aws, `the making of the secret ${Name}`, (client) =>
    client.send(new CreateSecretCommand({ Name, SecretString })),
  );
}

/** Replaces a secret as a whole, as Secrets Manager does. */
export function putValues(network: string, values: SecretValues, aws: Aws): Promise<void> {
  const SecretId = `${aws.secretPrefix}${network}`;
  const SecretString = JSON.stringify(values);
  return send(aws, `the change of the secret ${SecretId}`, (client) =>
    client.send(new PutSecretValueCommand({ SecretId, SecretString })),
  );
}

/**
 * Changes a secret as it is now: what others have changed since a command last read it stays. False: nothing was to be changed
 * (`change` returned undefined).
 */
export async function changeValues(
  network: string,
  change: (values: SecretValues) => SecretValues | undefined,
  aws: Aws,
): Promise<boolean> {
  const changed = change(await readValues(network, aws));
  if (changed === undefined) return false;
  await putValues(network, changed, aws);
  return true;
}

/** AWS's longest: until then the secret can be restored. */
export const RESTORABLE_DAYS = 30;

export function deleteValues(network: string, aws: Aws): Promise<void> {
  const SecretId = `${aws.secretPrefix}${network}`;
  return send(aws, `the deletion of the secret ${SecretId}`, (client) =>
    client.send(new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: RESTORABLE_DAYS })),
  );
}
