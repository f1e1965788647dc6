import { CreateQueueCommand, SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { localSqs } from '../../../local/aws/clients.ts';
import { type QueueServer, startQueueServer } from '../../../local/aws/queue-server.ts';

describe('the queues of this machine are held to the limits of SQS', () => {
  let server: QueueServer;
  let sqs: ReturnType<typeof localSqs>;
  let QueueUrl: string | undefined;

  beforeAll(async () => {
    server = await startQueueServer();
    sqs = localSqs(server.endpoint, 'eu-west-1');
    ({ QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'limits' })));
  });

  afterAll(async () => {
    sqs.destroy();
    await server.close();
  });

  const send = (message: { DelaySeconds?: number; MessageGroupId?: string }) =>
    sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'message', ...message }));

  const sendBatch = (entries: readonly { body?: string; DelaySeconds?: number; MessageGroupId?: string }[]) =>
    sqs.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: entries.map(({ body = 'message', ...entry }, i) => ({
          Id: `m${i}`,
          MessageBody: body,
          ...entry,
        })),
      }),
    );

  test('a message waits for 900 seconds at most', async () => {
    await expect(send({ DelaySeconds: 900 })).resolves.toHaveProperty('MessageId');
    await expect(send({ DelaySeconds: 901 })).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    await expect(send({ DelaySeconds: -1 })).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  test('a group of a standard queue is named by 128 characters at most', async () => {
    await expect(send({ MessageGroupId: 'g'.repeat(128) })).resolves.toHaveProperty('MessageId');
    await expect(send({ MessageGroupId: 'g'.repeat(129) })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      $fault: 'client',
    });
    await expect(send({ MessageGroupId: 'two words' })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    });
  });

  test('a batch has ten entries at most', async () => {
    const entries = Array.from({ length: 11 }, () => ({}));
    await expect(sendBatch(entries.slice(1))).resolves.toMatchObject({ Successful: { length: 10 } });
    await expect(sendBatch(entries)).rejects.toMatchObject({
      name: expect.stringContaining('TooManyEntriesInBatchRequest'),
    });
  });

  test('the messages of a batch have 1 MiB together', async () => {
    const half = 'x'.repeat(512 * 1024);
    await expect(sendBatch([{ body: half }, { body: half }])).resolves.toMatchObject({
      Successful: { length: 2 },
    });
    await expect(sendBatch([{ body: half }, { body: `${half}x` }])).rejects.toMatchObject({
      name: expect.stringContaining('BatchRequestTooLong'),
    });
  });

  test('an entry past a limit fails alone, and the others are taken', async () => {
    const answer = await sendBatch([{}, { DelaySeconds: 901 }, { MessageGroupId: 'g'.repeat(129) }, {}]);
    expect(answer.Successful?.map(({ Id }) => Id)).toEqual(['m0', 'm3']);
    expect(answer.Failed).toEqual([
      expect.objectContaining({ Id: 'm1', Code: 'InvalidParameterValue', SenderFault: true }),
      expect.objectContaining({ Id: 'm2', Code: 'InvalidParameterValue', SenderFault: true }),
    ]);
  });

  test('a batch of nothing but such entries takes none', async () => {
    const answer = await sendBatch([{ DelaySeconds: 901 }]);
    expect(answer.Successful ?? []).toEqual([]);
    expect(answer.Failed).toHaveLength(1);
  });
});
