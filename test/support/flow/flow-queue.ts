import { GetQueueAttributesCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { expect } from '@jest/globals';
import type { WorkMessage } from '../../../lib/sync/ledger/ports.ts';
import { eventually } from '../eventually.ts';

/** The domain queue, past the functions. */
export function flowQueue(sqs: SQSClient, url: string) {
  return {
    message: async (message: WorkMessage): Promise<void> => {
      await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: JSON.stringify(message) }));
    },
    quiet: () =>
      eventually(
        async () => {
          const { Attributes } = await sqs.send(
            new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
          );
          expect(Attributes).toMatchObject({
            ApproximateNumberOfMessages: '0',
            ApproximateNumberOfMessagesNotVisible: '0',
            ApproximateNumberOfMessagesDelayed: '0',
          });
        },
        { everyMs: 50 },
      ),
  };
}
