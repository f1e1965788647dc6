import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type AwsEmulators, startAwsEmulators } from '../../../local/aws/emulators.ts';
import { readService, type Service } from '../../../local/service.ts';
import { openState } from '../../../local/state.ts';

describe('the emulators of AWS with a state', () => {
  let service: Service;
  let secretsFile: string;
  let dir: string;
  let running: AsyncDisposableStack | undefined;

  beforeAll(async () => {
    service = await readService();
    secretsFile = join(await mkdtemp(join(tmpdir(), 'kept-test-')), 'secrets.json');
    await writeFile(secretsFile, '{}');
  });
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'kept-test-'));
  });
  afterEach(async () => {
    await running?.disposeAsync();
    await rm(dir, { recursive: true });
  });
  afterAll(() => rm(join(secretsFile, '..'), { recursive: true }));

  /** Ends those that run and starts others on the same state. */
  const restart = async (): Promise<AwsEmulators> => {
    await running?.disposeAsync();
    const closing = new AsyncDisposableStack();
    running = closing;
    const state = openState(dir);
    closing.defer(() => state.close());
    const silent = { onFaultySecrets: () => {}, onMail: () => {} };
    return startAwsEmulators(service, { secretsFile, state, closing, ...silent });
  };
  const urlOf = ({ queues }: AwsEmulators, name: string) => queues.get(name)?.ref;
  const receive = async (aws: AwsEmulators, name: string) => {
    const { Messages = [] } = await aws.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: urlOf(aws, name),
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
        VisibilityTimeout: 0,
      }),
    );
    return Messages;
  };
  const bodies = async (aws: AwsEmulators, name: string) =>
    (await receive(aws, name)).map(({ Body }) => Body).toSorted();

  test('keep every message that was not deleted, also one that had been received', async () => {
    const first = await restart();
    const QueueUrl = urlOf(first, 'DomainQueue');
    const Entries = ['one', 'two', 'three'].map((Id) => ({ Id, MessageBody: Id }));
    await first.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    const MessageAttributes = { code: { DataType: 'String', StringValue: 'crashed' } };
    await first.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'four', MessageAttributes }));
    await first.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'later', DelaySeconds: 600 }));
    const got = await first.sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 2 }));
    const [done, held] = got.Messages ?? [];
    await first.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: done?.ReceiptHandle }));

    for (let n = 0; n < 2; n += 1) {
      const aws = await restart();
      const messages = await receive(aws, 'DomainQueue');
      const expected = ['one', 'two', 'three', 'four'].filter((body) => body !== done?.Body);
      expect(messages.map(({ Body }) => Body).toSorted()).toEqual(expected.toSorted());
      expect(expected).toContain(held?.Body);
      const four = messages.find(({ Body }) => Body === 'four');
      expect(four?.MessageAttributes).toMatchObject({ code: { StringValue: 'crashed' } });
    }
  });

  test('keep dead letters, and make one of what was received as often as its queue allows', async () => {
    const first = await restart();
    await first.sqs.send(
      new SendMessageCommand({ QueueUrl: urlOf(first, 'DomainDeadLetters'), MessageBody: 'dead' }),
    );
    await first.sqs.send(
      new SendMessageCommand({ QueueUrl: urlOf(first, 'DomainQueue'), MessageBody: 'poison' }),
    );
    const { maxReceiveCount = 0 } = first.queues.get('DomainQueue')?.deadLetters ?? {};
    for (let n = 0; n < maxReceiveCount; n += 1)
      expect(await bodies(first, 'DomainQueue')).toEqual(['poison']);

    const second = await restart();
    expect(await bodies(second, 'DomainQueue')).toEqual([]);
    expect(await bodies(second, 'DomainDeadLetters')).toEqual(['dead', 'poison']);
  });

  test('keep items, and let go of what a killed worker held', async () => {
    const TableName = 'LedgerTable';
    const keyOf = (item: string) => marshall({ network: 'acme', item });
    const first = await restart();
    const put = (aws: AwsEmulators, item: string, fields: object) =>
      aws.dynamo.send(new PutItemCommand({ TableName, Item: { ...keyOf(item), ...marshall(fields) } }));
    await put(first, 'domain#a.example', { work: 'domain', sendAt: 5_000_000_000_000, writes: 3 });
    await put(first, 'domain#b.example', {
      work: 'domain',
      sendAt: 5_000_000_000_000,
      owner: 'w',
      leaseUntil: 9,
    });
    await put(first, 'domain#c.example', { writes: 1 });
    await put(first, 'identity', { tableId: 'of the first table' });
    await first.dynamo.send(new DeleteItemCommand({ TableName, Key: keyOf('domain#c.example') }));
    const refused = new PutItemCommand({
      TableName,
      Item: { ...keyOf('domain#a.example'), ...marshall({ writes: 9 }) },
      ConditionExpression: 'attribute_not_exists(writes)',
    });
    await expect(first.dynamo.send(refused)).rejects.toThrow();

    const second = await restart();
    const read = async (item: string) => {
      const { Item } = await second.dynamo.send(new GetItemCommand({ TableName, Key: keyOf(item) }));
      return Item && unmarshall(Item);
    };
    expect(await read('domain#a.example')).toMatchObject({ writes: 3, sendAt: 5_000_000_000_000 });
    const released = await read('domain#b.example');
    expect(released).not.toHaveProperty('owner');
    expect(released?.sendAt).toBeLessThanOrEqual(Date.now());
    expect(await read('domain#c.example')).toBeUndefined();
    expect((await read('identity'))?.tableId).toMatch(/^[0-9a-f-]{30,}$/);
  });
});
