import type { Message, SQSClient } from '@aws-sdk/client-sqs';
import { Consumer } from 'sqs-consumer';
import { z } from 'zod';
import type { LocalQueue } from '../aws/queues.ts';
import { errorName } from '../gateway/instances/error-name.ts';
import type { SqsEvent } from '../service.ts';

export interface EventSource {
  /** Takes no further message; calls under way go on. */
  stop(): void;
}

type FedQueue = Omit<LocalQueue, 'deadLetters'>;

export interface EventSourceSettings {
  readonly queue: FedQueue;
  readonly source: SqsEvent;
  readonly region: string;
  readonly functionTimeoutSeconds: number;
  readonly sqs: SQSClient;
  readonly invoke: (event: unknown) => Promise<unknown>;
  readonly onError: (text: string) => void;
}

const partialAnswerSchema = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish(),
});

/**
 * The messages Lambda would delete. What it cannot make sense of fails the whole batch, as does an unknown id:
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function handled(messages: readonly Message[], answer: unknown): Message[] {
  if (answer === null || answer === undefined || answer === '') return [...messages];
  const { data } = partialAnswerSchema.safeParse(answer);
  if (data === undefined) return [];
  const failed = new Set((data.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier));
  const known = new Set(messages.map(({ MessageId }) => MessageId));
  if ([...failed].some((id) => !known.has(id))) return [];
  return messages.filter(({ MessageId }) => MessageId === undefined || !failed.has(MessageId));
}

/** A message as Lambda hands it over. */
export function toRecord(message: Message, queue: Pick<LocalQueue, 'arn'>, region: string) {
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes ?? {},
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(
        ([name, { DataType, StringValue, BinaryValue }]) => [
          name,
          {
            dataType: DataType,
            ...(StringValue === undefined ? {} : { stringValue: StringValue }),
            ...(BinaryValue === undefined
              ? {}
              : { binaryValue: Buffer.from(BinaryValue).toString('base64') }),
            stringListValues: [],
            binaryListValues: [],
          },
        ],
      ),
    ),
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queue.arn,
    awsRegion: region,
  };
}

/** Lambda's refusal to connect a queue, and its advice, taken as a rule here. */
function assertVisibility({ visibilitySeconds }: FedQueue, timeoutSeconds: number): void {
  if (visibilitySeconds < timeoutSeconds) {
    throw new Error(
      `InvalidParameterValueException: Queue visibility timeout: ${visibilitySeconds} seconds is less than Function timeout: ${timeoutSeconds} seconds`,
    );
  }
  if (visibilitySeconds < 6 * timeoutSeconds) {
    throw new Error(
      `Queue visibility timeout: ${visibilitySeconds} seconds is less than 6 times the Function timeout: ${timeoutSeconds} seconds`,
    );
  }
}

/**
 * Brings a queue's messages to a function as Lambda's event source mapping does: no more calls at once than
 * `maximumConcurrency`, handled messages deleted, failed ones left until their visibility ends, and after
 * `maxReceiveCount` receives to the dead letters.
 */
export function startEventSource({
  queue,
  source,
  region,
  functionTimeoutSeconds,
  sqs,
  invoke,
  onError,
}: EventSourceSettings): EventSource {
  assertVisibility(queue, functionTimeoutSeconds);
  const consumers = Array.from({ length: source.maximumConcurrency }, () =>
    Consumer.create({
      queueUrl: queue.ref,
      sqs,
      batchSize: source.batchSize,
      waitTimeSeconds: 20,
      messageSystemAttributeNames: ['All'],
      messageAttributeNames: ['All'],
      handleMessageBatch: async (messages) => {
        const records = messages.map((message) => toRecord(message, queue, region));
        try {
          const answer = await invoke({ Records: records });
          return source.functionResponseType === undefined ? messages : handled(messages, answer);
        } catch (error) {
          onError(errorName(error));
          return undefined;
        }
      },
    }),
  );
  for (const consumer of consumers) {
    // A failing poll is logged and retried.
    consumer.on('error', (error) => {
      if (consumer.status.isRunning) onError(errorName(error));
    });
    consumer.start();
  }
  return {
    stop: () => {
      for (const consumer of consumers) consumer.stop({ abort: true });
    },
  };
}
