import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SQSClient } from '@aws-sdk/client-sqs';

/** One request to AWS: what the SDK calls it, its parameters and its answer. */
export interface AwsRequest {
  readonly command: string;
  readonly input: object;
  /** Undefined: it was refused, or had no answer. */
  readonly output: object | undefined;
}

interface Clients {
  readonly dynamo: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly secrets: SecretsManagerClient;
}

/** Counts the requests of these clients. Returns what takes those made so far. */
export function countedRequests({ dynamo, sqs, secrets }: Clients): () => AwsRequest[] {
  const requests: { command: string; input: object; output: object | undefined }[] = [];
  const note = async <T extends { readonly output: object }>(
    { commandName = '' }: { readonly commandName?: string },
    input: object,
    send: () => Promise<T>,
  ): Promise<T> => {
    const request: (typeof requests)[number] = {
      command: commandName.replace(/Command$/, ''),
      input,
      output: undefined,
    };
    requests.push(request);
    const answer = await send();
    request.output = answer.output;
    return answer;
  };
  const sent = { step: 'initialize', priority: 'low', name: 'countedRequests' } as const;
  dynamo.middlewareStack.add((next, context) => (args) => note(context, args.input, () => next(args)), sent);
  sqs.middlewareStack.add((next, context) => (args) => note(context, args.input, () => next(args)), sent);
  secrets.middlewareStack.add((next, context) => (args) => note(context, args.input, () => next(args)), sent);
  return () => requests.splice(0);
}
