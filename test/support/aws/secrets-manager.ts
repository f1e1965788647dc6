import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretsManagerClient } from '../../../lib/aws/secrets.ts';
import { type SecretsManagerServer, startSecretsManager } from '../../../local/aws/secrets-manager/server.ts';
import { awsEnvironment } from './aws-environment.ts';

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
  // On a busy machine an answer may take long, and one that comes too late would be asked for again.
  const client = secretsManagerClient({ endpoint: server.endpoint, requestTimeoutMs: 60_000 });
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
