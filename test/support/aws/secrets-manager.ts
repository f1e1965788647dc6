import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretsManagerClient } from '../../../lib/aws/secrets.ts';
import { type SecretsManagerServer, startSecretsManager } from '../../../local/aws/secrets-manager/server.ts';
import { awsEnvironment } from './aws-environment.ts';
import { patient } from './patient.ts';

export const secretPrefix = 'runcloud-relay/test/';

export interface LocalSecrets {
  /** By network; may be changed at any time. */
  readonly secrets: Record<string, unknown>;
  readonly server: SecretsManagerServer;
  readonly client: SecretsManagerClient;
  close(): Promise<void>;
}

/** Secrets Manager's protocol on a free port of this machine, and a client of ours that talks to it. */
export async function startSecrets(): Promise<LocalSecrets> {
  const secrets: Record<string, unknown> = {};
  const server = await startSecretsManager({ secrets, prefix: secretPrefix });
  const restore = awsEnvironment();
  const client = secretsManagerClient({ endpoint: server.endpoint, ...patient });
  return {
    secrets,
    server,
    client,
    async close() {
      client.destroy();
      restore();
      await server.close();
    },
  };
}
