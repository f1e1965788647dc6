import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SQSClient } from '@aws-sdk/client-sqs';

/** One request to AWS: what the SDK calls it, and its parameters. */
export interface AwsRequest {
  readonly command: string;
  readonly input: object;
}

interface Clients {
  readonly dynamo: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly secrets: SecretsManagerClient;
}

/** Counts the requests of these clients, each repetition of the SDK among them. Returns what takes those made so far. */
export function countedRequests({ dynamo, sqs, secrets }: Clients): () => AwsRequest[] {
  const requests: AwsRequest[] = [];
  const note = <T>(
    { commandName = '' }: { readonly commandName?: string },
    input: object,
    send: () => T,
  ): T => {
    requests.push({ command: commandName.replace(/Command$/, ''), input });
    return send();
  };
  const sent = { step: 'finalizeRequest', priority: 'low', name: 'countedRequests' } as const;
  dynamo.middlewareStack.add((next, context) => (args) => note(context, args.input, () => next(args)), sent);
  sqs.middlewareStack.add((next, context) => (args) => note(context, args.input, () => next(args)), sent);
  secrets.middlewareStack.add((next, context) => (args) => note(context, args.input, () => next(args)), sent);
  return () => requests.splice(0);
}
