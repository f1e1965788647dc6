import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { localDynamo, localSqs } from '../../local/aws/clients.ts';
import { startTestStack, type TestStack } from '../support/stack/stack.ts';

describe('the stack on one machine', () => {
  let stack: TestStack;

  beforeAll(async () => {
    stack = await startTestStack();
  });

  afterAll(() => stack.close());

  test('brings a domain from the multisite to RunCloud, and takes it away again', async () => {
    expect((await stack.tell('domain.added', 'shop.acme-bikes.com')).status).toBe(202);
    expect(await stack.settled('shop.acme-bikes.com')).toMatchObject({ state: 'present' });
    expect(stack.hosted()).toContain('shop.acme-bikes.com');

    expect((await stack.tell('domain.removed', 'shop.acme-bikes.com')).status).toBe(202);
    expect(await stack.settled('shop.acme-bikes.com')).toMatchObject({ state: 'absent' });
    expect(stack.hosted()).toEqual(['network.example.com']);
  });

  test('the sweep retries what a failing RunCloud has delayed', async () => {
    stack.runcloud.arm({ method: 'POST', path: /\/domains$/, answer: { status: 503 }, times: 1 });
    await stack.tell('domain.added', 'later.acme-bikes.com');
    await stack.settled('later.acme-bikes.com');
    expect(stack.hosted()).toContain('later.acme-bikes.com');
  });

  test('has the queues of serverless.yml', async () => {
    const sqs = localSqs(stack.endpoints.sqs, 'eu-west-1');
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: stack.queues.get('DomainQueue')?.ref,
        AttributeNames: ['All'],
      }),
    );
    sqs.destroy();
    expect(Attributes).toMatchObject({ VisibilityTimeout: '1800', MessageRetentionPeriod: '345600' });
    expect(JSON.parse(Attributes?.RedrivePolicy ?? '')).toMatchObject({
      deadLetterTargetArn: stack.queues.get('DomainDeadLetters')?.arn,
      maxReceiveCount: 5,
    });
  });

  test('has the table of serverless.yml', async () => {
    const dynamo = localDynamo(stack.endpoints.dynamo, 'eu-west-1');
    const { Table } = await dynamo.send(new DescribeTableCommand({ TableName: 'LedgerTable' }));
    dynamo.destroy();
    expect(Table).toMatchObject({
      KeySchema: [
        { AttributeName: 'network', KeyType: 'HASH' },
        { AttributeName: 'item', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [{ IndexName: 'due' }, { IndexName: 'due-certificates' }],
    });
  });
});
