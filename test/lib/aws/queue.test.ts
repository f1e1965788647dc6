import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { sqsClient, sqsQueue } from '../../../lib/aws/queue.ts';
import type { DeadLetter, DelayedMessage } from '../../../lib/sync/ledger/ports.ts';
import { workMessageSchema } from '../../../lib/work-message.ts';
import { deadLetter, queueContract } from '../../contracts/queue.ts';
import { type LocalSqs, startSqs } from '../../support/aws/fauxqs.ts';
import { patient } from '../../support/aws/patient.ts';
import { scriptedAws } from '../../support/aws/scripted-aws.ts';
import { startFaultyProxy } from '../../support/http/faulty-proxy.ts';

let sqs: LocalSqs;
let queues = 0;

beforeAll(async () => {
  sqs = await startSqs();
});
afterAll(() => sqs.close());

function newQueue(kind: string) {
  queues += 1;
  const name = `${kind}-${queues}`;
  return { name, url: sqs.queue(name) };
}

function messagesIn(queueName: string) {
  const { ready = [], delayed = [] } = sqs.server.inspectQueue(queueName)?.messages ?? {};
  return [...ready, ...delayed];
}

type Message = ReturnType<typeof messagesIn>[number];

/** SQS shows a delay only by when a message becomes visible. */
function toDelayedMessage({ body, sentTimestamp, delayUntil }: Message): DelayedMessage {
  return {
    message: workMessageSchema.parse(JSON.parse(body)),
    delaySeconds: Math.round(Math.max(0, (delayUntil ?? 0) - sentTimestamp) / 1_000),
  };
}

function toDeadLetter({ body, messageAttributes }: Message): DeadLetter {
  const text = (name: string) => messageAttributes[name]?.StringValue ?? '';
  const message = workMessageSchema.parse(JSON.parse(body));
  expect([text('network'), text('domain')]).toEqual([message.network, message.domain]);
  return {
    id: text('id'),
    message,
    code: text('code'),
    reason: text('reason'),
    firstFailureAt: Date.parse(text('first-failure')),
    lastFailureAt: Date.parse(text('last-failure')),
  };
}

async function emptyQueue() {
  const work = newQueue('work');
  const dead = newQueue('dead');
  return {
    work: work.name,
    dead: dead.name,
    queue: sqsQueue({ client: sqs.client, url: work.url, deadLetterUrl: dead.url }),
    sent: async () => messagesIn(work.name).map(toDelayedMessage),
    deadLetters: async () => messagesIn(dead.name).map(toDeadLetter),
  };
}

queueContract('the queue in SQS', emptyQueue);

function taken(id: string, body: string) {
  return {
    Id: id,
    MessageId: 'm',
    MD5OfMessageBody: createHash('md5').update(body).digest('hex'),
  };
}

/** A queue that takes the first message of every batch and refuses the others. */
async function refusingQueue() {
  const aws = await scriptedAws((body) => {
    const [first, ...others] = batchSchema.parse(JSON.parse(body)).Entries;
    const failed = others.map(({ Id }) => ({ Id, SenderFault: false, Code: 'InternalError' }));
    return {
      status: 200,
      body: { Successful: first ? [taken(first.Id, first.MessageBody)] : [], Failed: failed },
    };
  });
  const client = sqsClient({ endpoint: aws.endpoint, ...patient });
  return {
    queue: sqsQueue({ client, url: `${aws.endpoint}/1/work`, deadLetterUrl: `${aws.endpoint}/1/dead` }),
    batches: () => aws.bodies.map((body) => batchSchema.parse(JSON.parse(body))),
    async close() {
      client.destroy();
      await aws.close();
    },
  };
}

const batchSchema = z.object({
  Entries: z.array(
    z.object({
      Id: z.string(),
      MessageBody: z.string(),
      MessageGroupId: z.string(),
      DelaySeconds: z.number(),
    }),
  ),
});

test('the network is the message group, so that a busy network does not starve the others', async () => {
  const { queue, batches, close } = await refusingQueue();
  await queue.send([{ message: { network: 'second', domain: 'a.example.com' }, delaySeconds: 7 }]);
  expect(batches()).toEqual([
    {
      Entries: [
        {
          Id: '0',
          MessageBody: '{"network":"second","domain":"a.example.com"}',
          MessageGroupId: 'second',
          DelaySeconds: 7,
        },
      ],
    },
  ]);
  await close();
});

test('an endpoint of the environment wins over the host that a queue URL names', async () => {
  const work = newQueue('work');
  const path = new URL(work.url).pathname;
  const url = `https://sqs.eu-west-1.amazonaws.invalid${path}`;
  const queue = sqsQueue({ client: sqs.client, url, deadLetterUrl: url });
  expect(await queue.send([{ message: { network: 'default' }, delaySeconds: 0 }])).toEqual([]);
  expect(messagesIn(work.name)).toHaveLength(1);
});

test('a dead letter about a whole network has no domain, and no reason breaks it', async () => {
  const { queue, dead } = await emptyQueue();
  await queue.sendDeadLetter({
    ...deadLetter,
    message: { network: 'default' },
    code: '',
    reason: 'a\u0000b\u{1f6b2}\ud800',
  });
  const attributes = messagesIn(dead)[0]?.messageAttributes;
  expect(attributes?.domain).toBeUndefined();
  expect(attributes?.code?.StringValue).toBe('-');
  expect(attributes?.reason?.StringValue).toBe('a b\u{1f6b2} ');
});

test('messages that SQS refuses come back, the others are sent', async () => {
  const { queue, batches, close } = await refusingQueue();
  const messages = Array.from({ length: 12 }, (_, index) => ({
    message: { network: 'default', domain: `d${index}.example.com` },
    delaySeconds: 0,
  }));
  expect(await queue.send(messages)).toEqual([...messages.slice(1, 10), ...messages.slice(11)]);
  expect(batches().map(({ Entries }) => Entries.length)).toEqual([10, 2]);
  await close();
});

test.each(['drop', 'hang', 'throttle', 'broken'] as const)(
  'a queue that answers with %s is out of reach',
  async (fault) => {
    const work = newQueue('work');
    const proxy = await startFaultyProxy(sqs.endpoint);
    const client = sqsClient({ endpoint: proxy.endpoint, requestTimeoutMs: 300 });
    const queue = sqsQueue({ client, url: work.url, deadLetterUrl: work.url });
    proxy.always(fault);
    const unavailable = expect.objectContaining({ name: 'Unavailable', what: 'queue' });
    await expect(queue.send([{ message: { network: 'default' }, delaySeconds: 0 }])).rejects.toEqual(
      unavailable,
    );
    await expect(queue.sendDeadLetter(deadLetter)).rejects.toEqual(unavailable);
    expect(messagesIn(work.name)).toEqual([]);
    client.destroy();
    await proxy.close();
  },
);

test('a message or dead letter whose answer was lost comes twice at most, and says the same', async () => {
  const [work, dead] = [newQueue('work'), newQueue('dead')];
  const proxy = await startFaultyProxy(sqs.endpoint);
  const client = sqsClient({ endpoint: proxy.endpoint, ...patient });
  const queue = sqsQueue({ client, url: work.url, deadLetterUrl: dead.url });
  const message = { message: { network: 'default', domain: 'a.example.com' }, delaySeconds: 0 };
  proxy.next('lose-answer');
  expect(await queue.send([message])).toEqual([]);
  expect(messagesIn(work.name).map(toDelayedMessage)).toEqual([message, message]);
  proxy.next('lose-answer');
  await queue.sendDeadLetter(deadLetter);
  expect(new Set(messagesIn(dead.name).map((one) => toDeadLetter(one).id))).toEqual(new Set([deadLetter.id]));
  expect(proxy.seen).toEqual(['lose-answer', undefined, 'lose-answer', undefined]);
  client.destroy();
  await proxy.close();
});
