import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Service } from '../service.ts';
import type { State } from '../state.ts';
import { type AwsEndpoints, localDynamo, localSqs } from './clients.ts';
import { messageKeeper, restoreMessages } from './kept-messages.ts';
import { startQueueServer } from './queue-server.ts';
import { createQueues, type LocalQueue } from './queues.ts';
import type { ResourceValues } from './references.ts';
import { startSecretsManager } from './secrets-manager/server.ts';
import { startTables } from './tables.ts';
import { type PublishedMail, startTopics } from './topics.ts';

/** What stands for AWS on this machine. */
export interface AwsEmulators {
  readonly endpoints: AwsEndpoints;
  readonly sqs: SQSClient;
  readonly dynamo: DynamoDBClient;
  readonly queues: ReadonlyMap<string, LocalQueue>;
  readonly tables: ReadonlyMap<string, ResourceValues>;
  readonly topics: ReadonlyMap<string, ResourceValues>;
}

interface Settings {
  readonly secretsFile: string;
  readonly onFaultySecrets: (text: string) => void;
  readonly onMail: (mail: PublishedMail) => void;
  readonly state: State | undefined;
  readonly closing: AsyncDisposableStack;
}

/** The logical ids of the resources of one type. */
function idsOf({ resources }: Service, type: string): string[] {
  return Object.entries(resources.Resources).flatMap(([id, { Type }]) => (Type === type ? [id] : []));
}

/** Queues, tables, topics and secrets, with what serverless.yml wants in them. */
export async function startAwsEmulators(
  service: Service,
  { secretsFile, onFaultySecrets, onMail, state, closing }: Settings,
): Promise<AwsEmulators> {
  const { region } = service.provider;

  const secrets = await startSecretsManager({
    file: secretsFile,
    prefix: service.custom.secretPrefix,
    onFaultyFile: ({ message }) => onFaultySecrets(message),
  });
  closing.defer(() => secrets.close());

  const messages = state?.room('messages');
  const queueServer = await startQueueServer(messages && messageKeeper(messages));
  closing.defer(() => queueServer.close());
  const sqs = localSqs(queueServer.endpoint, region);
  closing.defer(() => sqs.destroy());
  const queues = await createQueues(service, sqs);
  if (messages !== undefined) await restoreMessages(sqs, queues, messages, Date.now());

  const tables = await startTables(service, (endpoint) => localDynamo(endpoint, region), state);
  closing.defer(() => tables.close());
  const dynamo = localDynamo(tables.endpoint, region);
  closing.defer(() => dynamo.destroy());

  const topicServer = await startTopics({ region, ids: idsOf(service, 'AWS::SNS::Topic'), onMail });
  closing.defer(() => topicServer.close());

  return {
    endpoints: {
      sqs: queueServer.endpoint,
      sns: topicServer.endpoint,
      dynamo: tables.endpoint,
      secrets: secrets.endpoint,
    },
    sqs,
    dynamo,
    queues,
    tables: tables.tables,
    topics: topicServer.topics,
  };
}
