import { setTimeout } from 'node:timers/promises';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { localSqs } from '../../local/aws/clients.ts';
import { type QueueServer, startQueueServer } from '../../local/aws/queue-server.ts';
import type { LocalQueue } from '../../local/aws/queues.ts';
import { type EventSource, handled, startEventSource } from '../../local/triggers/event-source.ts';
import { eventually } from '../support/eventually.ts';

const eventSchema = z.object({
  Records: z.array(
    z.object({
      messageId: z.string(),
      receiptHandle: z.string(),
      body: z.string(),
      eventSource: z.literal('aws:sqs'),
      eventSourceARN: z.string(),
      awsRegion: z.literal('eu-west-1'),
      attributes: z.looseObject({ ApproximateReceiveCount: z.string() }),
      messageAttributes: z.record(z.string(), z.looseObject({ stringValue: z.string() })),
    }),
  ),
});
type Records = z.infer<typeof eventSchema>['Records'];

describe('a queue feeds its function as Lambda does', () => {
  let server: QueueServer;
  let sqs: ReturnType<typeof localSqs>;
  let source: EventSource | undefined;
  let trouble: string[];

  beforeEach(async () => {
    server = await startQueueServer();
    sqs = localSqs(server.endpoint, 'eu-west-1');
    trouble = [];
  });

  afterEach(async () => {
    source?.stop();
    source = undefined;
    sqs.destroy();
    await server.close();
  });

  /** What it hands out it hides for a minute: what takes long on a busy machine does not come twice. */
  const queue = async (name: string, attributes: Record<string, string> = {}): Promise<LocalQueue> => {
    const { QueueUrl: ref = '' } = await sqs.send(
      new CreateQueueCommand({ QueueName: name, Attributes: { VisibilityTimeout: '60', ...attributes } }),
    );
    return {
      ref,
      arn: `arn:aws:sqs:eu-west-1:000000000000:${name}`,
      visibilitySeconds: Number(attributes.VisibilityTimeout ?? 60),
      deadLetters: undefined,
    };
  };

  const send = (to: LocalQueue, body: string) =>
    sqs.send(
      new SendMessageCommand({
        QueueUrl: to.ref,
        MessageBody: body,
        MessageAttributes: { kind: { DataType: 'String', StringValue: 'test' } },
      }),
    );

  const feed = (
    from: LocalQueue,
    call: (records: Records) => unknown,
    { batchSize = 1, maximumConcurrency = 2, functionTimeoutSeconds = 0.1 } = {},
  ) => {
    source = startEventSource({
      queue: from,
      source: {
        arn: from.arn,
        batchSize,
        maximumConcurrency,
        functionResponseType: 'ReportBatchItemFailures',
      },
      region: 'eu-west-1',
      functionTimeoutSeconds,
      sqs,
      invoke: async (event) => call(eventSchema.parse(event).Records),
      onError: (text) => trouble.push(text),
    });
  };

  const left = async ({ ref }: LocalQueue) => {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: ref, AttributeNames: ['All'] }),
    );
    return (
      Number(Attributes.ApproximateNumberOfMessages) +
      Number(Attributes.ApproximateNumberOfMessagesNotVisible)
    );
  };

  test('a handled message arrives whole and is deleted', async () => {
    const from = await queue('work');
    const seen: Records = [];
    feed(from, (records) => {
      seen.push(...records);
      return { batchItemFailures: [] };
    });
    await send(from, 'message');
    await eventually(async () => expect(await left(from)).toBe(0));
    expect(seen).toMatchObject([
      { body: 'message', eventSourceARN: from.arn, messageAttributes: { kind: { stringValue: 'test' } } },
    ]);
    expect(seen[0]?.attributes.ApproximateReceiveCount).toBe('1');
  });

  test('of a partial answer only what failed comes again', async () => {
    const from = await queue('work');
    await send(from, 'good');
    await send(from, 'bad');
    const bodies: string[] = [];
    feed(
      from,
      async (records) => {
        bodies.push(...records.map(({ body }) => body));
        const failed = records.filter(
          ({ body, attributes }) => body === 'bad' && attributes.ApproximateReceiveCount === '1',
        );
        // Its minute is over at once; the next receive comes after the end of this batch.
        for (const { receiptHandle: ReceiptHandle } of failed) {
          await sqs.send(
            new ChangeMessageVisibilityCommand({ QueueUrl: from.ref, ReceiptHandle, VisibilityTimeout: 0 }),
          );
        }
        return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
      },
      { batchSize: 10, maximumConcurrency: 1 },
    );
    await eventually(async () => expect(await left(from)).toBe(0));
    expect(bodies.sort()).toEqual(['bad', 'bad', 'good']);
  });

  test('a repeated failure ends in the dead letters, and each failure is logged without its text', async () => {
    const deadLetters = await queue('dead-letters');
    const from = await queue('work', {
      VisibilityTimeout: '1',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 2 }),
    });
    feed(from, () => {
      throw new TypeError('whsec_quoted');
    });
    await send(from, 'poison');
    await eventually(async () => expect(await left(deadLetters)).toBe(1));
    expect(trouble).toEqual(['TypeError', 'TypeError']);
    expect(await left(from)).toBe(0);
  });

  test('no more calls run at once than maximumConcurrency', async () => {
    const from = await queue('work');
    for (let i = 0; i < 6; i += 1) await send(from, `message ${i}`);
    const held = Promise.withResolvers<undefined>();
    let now = 0;
    let most = 0;
    feed(
      from,
      async () => {
        now += 1;
        most = Math.max(most, now);
        await held.promise;
        now -= 1;
        return undefined;
      },
      { maximumConcurrency: 3 },
    );
    await eventually(() => expect(now).toBe(3));
    // Nothing proves that no fourth message is on its way; a received one would have arrived already.
    await setTimeout(300);
    expect(now).toBe(3);
    held.resolve(undefined);
    await eventually(async () => expect(await left(from)).toBe(0));
    expect(most).toBe(3);
  });

  test('a visibility below the timeout of the function is refused, and one below six times of it', async () => {
    const from = await queue('work', { VisibilityTimeout: '1' });
    expect(() => feed(from, () => undefined, { functionTimeoutSeconds: 2 })).toThrow(
      'InvalidParameterValueException: Queue visibility timeout: 1 seconds is less than Function timeout: 2 seconds',
    );
    expect(() => feed(from, () => undefined, { functionTimeoutSeconds: 0.5 })).toThrow('6 times');
  });
});

describe('what Lambda deletes after an answer', () => {
  const messages = [{ MessageId: 'a' }, { MessageId: 'b' }];

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['an empty object', {}],
    ['no failures', { batchItemFailures: [] }],
    ['null failures', { batchItemFailures: null }],
  ])('%s: all', (_, answer) => expect(handled(messages, answer)).toEqual(messages));

  test('one failure: the others', () =>
    expect(handled(messages, { batchItemFailures: [{ itemIdentifier: 'a' }] })).toEqual([
      { MessageId: 'b' },
    ]));

  test.each([
    ['an unknown id', { batchItemFailures: [{ itemIdentifier: 'c' }] }],
    ['an empty id', { batchItemFailures: [{ itemIdentifier: '' }] }],
    ['no id', { batchItemFailures: [{}] }],
    ['another shape', { batchItemFailures: 'a' }],
  ])('%s: none', (_, answer) => expect(handled(messages, answer)).toEqual([]));
});
