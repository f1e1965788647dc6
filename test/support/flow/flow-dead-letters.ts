import { type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** A dead letter as an operator reads it. */
export interface DeadLetter {
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
}

function toDeadLetter({ Body = '', MessageAttributes = {} }: Message): DeadLetter {
  return {
    body: Body,
    attributes: Object.fromEntries(
      Object.entries(MessageAttributes).map(([name, { StringValue = '' }]) => [name, StringValue]),
    ),
  };
}

/** Reads the dead letters in a queue without taking them out. */
export function deadLetterQueue(sqs: SQSClient, url: string) {
  const seen = new Map<string, DeadLetter>();
  return {
    /** Every dead letter of that network so far, each once, in the order in which they were seen; undefined: of none. */
    of: async (network: string | undefined): Promise<DeadLetter[]> => {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: url,
          MaxNumberOfMessages: 10,
          MessageAttributeNames: ['All'],
          VisibilityTimeout: 0,
        }),
      );
      for (const message of Messages) seen.set(message.MessageId ?? '', toDeadLetter(message));
      return [...seen.values()].filter(({ attributes }) => attributes.network === network);
    },
  };
}
