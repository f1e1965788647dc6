import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Service } from '../service.ts';
import { localDynamo, localSqs } from './clients.ts';
import { startQueueServer } from './queue-server.ts';
import { createQueues, type LocalQueue } from './queues.ts';
import type { ResourceValues } from './references.ts';
import { startSecretsManager } from './secrets-manager/server.ts';
import { startTables } from './tables.ts';

/** What stands for AWS on this machine. */
export interface AwsEmulators {
  readonly endpoints: { readonly sqs: string; readonly dynamo: string; readonly secrets: string };
  readonly sqs: SQSClient;
  readonly dynamo: DynamoDBClient;
  readonly queues: ReadonlyMap<string, LocalQueue>;
  readonly tables: ReadonlyMap<string, ResourceValues>;
}

interface Settings {
  readonly secretsFile: string;
  readonly onFaultySecrets: (text: string) => void;
  readonly closing: AsyncDisposableStack;
}

/** Queues, tables and secrets, with what serverless.yml wants in them. */
export async function startAwsEmulators(
  service: Service,
  { secretsFile, onFaultySecrets, closing }: Settings,
): Promise<AwsEmulators> {
  const { region } = service.provider;

  const secrets = await startSecretsManager({
    file: secretsFile,
    prefix: service.custom.secretPrefix,
    onFaultyFile: ({ message }) => onFaultySecrets(message),
  });
  closing.defer(() => secrets.close());

  const queueServer = await startQueueServer();
  closing.defer(() => queueServer.close());
  const sqs = localSqs(queueServer.endpoint, region);
  closing.defer(() => sqs.destroy());
  const queues = await createQueues(service, sqs);

  const tables = await startTables(service, (endpoint) => localDynamo(endpoint, region));
  closing.defer(() => tables.close());
  const dynamo = localDynamo(tables.endpoint, region);
  closing.defer(() => dynamo.destroy());

  return {
    endpoints: { sqs: queueServer.endpoint, dynamo: tables.endpoint, secrets: secrets.endpoint },
    sqs,
    dynamo,
    queues,
    tables: tables.tables,
  };
}
