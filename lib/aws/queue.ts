import {
  GetQueueAttributesCommand,
  type MessageAttributeValue,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { DeadLetter, DelayedMessage, Queue } from '../sync/ledger/ports.ts';
import { assertDelays } from '../work-message.ts';
import { callAws } from './call-aws.ts';
import { type SdkSettings, sdkOptions } from './sdk-options.ts';

/**
 * By default the SDK sends to the host in the queue's URL, even if the environment names an endpoint
 * (`AWS_ENDPOINT_URL_SQS`).
 */
export function sqsClient(settings?: SdkSettings): SQSClient {
  return new SQSClient({ ...sdkOptions(settings), useQueueUrlAsEndpoint: false });
}

/** SQS takes ten messages a call. Ten of these are a few KiB, far below the limit of 1 MiB. */
const batchSize = 10;

function rfc3339(atMs: number) {
  return new Date(atMs).toISOString();
}

/** SQS refuses empty attributes and most control characters. */
function attribute(text: string): MessageAttributeValue {
  return {
    DataType: 'String',
    StringValue: text.replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, ' ') || '-',
  };
}

function deadLetterAttributes({ id, message, code, reason, firstFailureAt, lastFailureAt }: DeadLetter) {
  return {
    id: attribute(id),
    code: attribute(code),
    reason: attribute(reason),
    network: attribute(message.network),
    ...(message.domain === undefined ? {} : { domain: attribute(message.domain) }),
    'first-failure': attribute(rfc3339(firstFailureAt)),
    'last-failure': attribute(rfc3339(lastFailureAt)),
  };
}

/** For functions that only send work messages: they have no right to write dead letters. */
export function sqsMessages({ client, url }: { client: SQSClient; url: string }): Pick<Queue, 'send'> {
  const sendBatch = async (batch: readonly DelayedMessage[]): Promise<DelayedMessage[]> => {
    const command = new SendMessageBatchCommand({
      QueueUrl: url,
      Entries: batch.map(({ message, delaySeconds }, index) => ({
        Id: String(index),
        MessageBody: JSON.stringify(message),
        // Makes the standard queue fair: a busy network does not starve the others.
        MessageGroupId: message.network,
        DelaySeconds: delaySeconds,
      })),
    });
    const { Failed: failed = [] } = await callAws('queue', (bounds) => client.send(command, bounds));
    const refused = new Set(failed.map(({ Id }) => Id));
    return batch.filter((_, index) => refused.has(String(index)));
  };

  return {
    async send(messages) {
      assertDelays(messages);
      const refused: DelayedMessage[] = [];
      for (let start = 0; start < messages.length; start += batchSize) {
        refused.push(...(await sendBatch(messages.slice(start, start + batchSize))));
      }
      return refused;
    },
  };
}

/** For a function that sends no work messages: it has no right to. */
export function sqsDeadLetters({
  client,
  deadLetterUrl,
}: {
  client: SQSClient;
  deadLetterUrl: string;
}): Pick<Queue, 'sendDeadLetter'> {
  return {
    async sendDeadLetter(deadLetter) {
      const command = new SendMessageCommand({
        QueueUrl: deadLetterUrl,
        MessageBody: JSON.stringify(deadLetter.message),
        MessageGroupId: deadLetter.message.network,
        MessageAttributes: deadLetterAttributes(deadLetter),
      });
      await callAws('queue', (bounds) => client.send(command, bounds));
    },
  };
}

/** A queue and its dead-letter queue. */
export function sqsQueue({
  client,
  url,
  deadLetterUrl,
}: {
  client: SQSClient;
  url: string;
  deadLetterUrl: string;
}): Queue {
  return { ...sqsMessages({ client, url }), ...sqsDeadLetters({ client, deadLetterUrl }) };
}

/** How many messages lie visible in these queues together. Approximate, as all that SQS counts. */
export async function countMessages(client: SQSClient, urls: readonly string[]): Promise<number> {
  let count = 0;
  for (const url of urls) {
    const command = new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: ['ApproximateNumberOfMessages'],
    });
    const { Attributes } = await callAws('queue', (bounds) => client.send(command, bounds));
    count += Number(Attributes?.ApproximateNumberOfMessages ?? 0);
  }
  return count;
}
