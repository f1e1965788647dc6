import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { handled, toRecord } from '../../../local/triggers/event-source.ts';
import { type DeployedEventSource, region } from '../emulator/account.ts';

/** Where a queue is called at, by its ARN: the emulator does not mind which host a URL names. */
export function queueUrlOf(arn: string): string {
  const [, , , place, account, name] = arn.split(':');
  return `https://sqs.${place}.amazonaws.com/${account}/${name}`;
}

/**
 * Brings a queue's messages to its function once, as Lambda's event source does with this mapping. What the function
 * does not handle is seen again at once: the time until then is the queue's, and is not waited for. How many came.
 */
export async function deliver(
  source: DeployedEventSource,
  invoke: (event: unknown) => Promise<unknown>,
  sqs: SQSClient,
): Promise<number> {
  const QueueUrl = queueUrlOf(source.EventSourceArn);
  const { Messages: messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: source.BatchSize,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    }),
  );
  if (messages.length === 0) return 0;
  const Records = messages.map((message) => toRecord(message, { arn: source.EventSourceArn }, region));
  const answer = await invoke({ Records });
  const done = source.FunctionResponseTypes.includes('ReportBatchItemFailures')
    ? handled(messages, answer)
    : messages;
  const end = ({ ReceiptHandle, MessageId }: Message) =>
    done.some((message) => message.MessageId === MessageId)
      ? sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))
      : sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
  for (const message of messages) await end(message);
  return messages.length;
}
