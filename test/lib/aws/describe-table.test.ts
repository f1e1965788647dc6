import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describesTable } from '../../../lib/aws/describe-table.ts';
import { dynamoClient } from '../../../lib/aws/ledger.ts';
import { Unavailable } from '../../../lib/errors.ts';
import { type Dynalite, startDynalite } from '../../support/aws/dynalite.ts';
import { patient } from '../../support/aws/patient.ts';
import { type ScriptedAnswer, scriptedAws } from '../../support/aws/scripted-aws.ts';
import { startFaultyProxy } from '../../support/http/faulty-proxy.ts';

let dynalite: Dynalite;
beforeAll(async () => {
  dynalite = await startDynalite();
});
afterAll(() => dynalite.close());

test('every table has an id of its own, which stays', async () => {
  const { client } = dynalite;
  const facts = async (table: string) => describesTable({ client, table })();
  const [first, second] = [await dynalite.table(), await dynalite.table()];
  const { Table } = await client.send(new DescribeTableCommand({ TableName: first }));
  expect(await facts(first)).toEqual({ id: Table?.TableId, restored: false });
  expect(await facts(first)).toEqual(await facts(first));
  expect((await facts(second)).id).not.toBe((await facts(first)).id);
});

test('a table whose description was lost is described once more', async () => {
  const table = await dynalite.table();
  const proxy = await startFaultyProxy(dynalite.endpoint);
  const client = dynamoClient({ endpoint: proxy.endpoint, ...patient });
  proxy.next('lose-answer');
  expect(await describesTable({ client, table })()).toEqual(
    await describesTable({ client: dynalite.client, table })(),
  );
  expect(proxy.seen).toEqual(['lose-answer', undefined]);
  client.destroy();
  await proxy.close();
});

async function described(answer: ScriptedAnswer) {
  const aws = await scriptedAws(() => answer);
  const client = dynamoClient({ endpoint: aws.endpoint, maxAttempts: 1, ...patient });
  try {
    return await describesTable({ client, table: 'ledger' })();
  } finally {
    client.destroy();
    await aws.close();
  }
}

test('says whether it was restored', async () => {
  const RestoreSummary = { RestoreDateTime: 1_795_000_000, RestoreInProgress: false };
  const body = { Table: { TableId: 'table-2', RestoreSummary } };
  expect(await described({ status: 200, body })).toEqual({ id: 'table-2', restored: true });
});

test('without an id, the table of another moment is another one', async () => {
  const at = async (CreationDateTime: number) => {
    const body = { Table: { TableArn: 'arn:aws:dynamodb:eu-west-1:1:table/ledger', CreationDateTime } };
    return (await described({ status: 200, body })).id;
  };
  expect(await at(1_795_000_000.123)).toBe(
    `arn:aws:dynamodb:eu-west-1:1:table/ledger ${new Date(1_795_000_000_123).toISOString()}`,
  );
  expect(await at(1_795_000_000)).not.toBe(await at(1_795_000_001));
});

test.each([
  ['no right', { status: 400, body: { __type: 'com.amazon.coral.service#AccessDeniedException' } }],
  [
    'no table',
    { status: 400, body: { __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException' } },
  ],
  ['an outage', { status: 500, body: { __type: 'InternalServerError' } }],
  ['an empty answer', { status: 200, body: {} }],
])('%s is a ledger out of reach', async (_what, answer) => {
  await expect(described(answer)).rejects.toThrow(Unavailable);
});
