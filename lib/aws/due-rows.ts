import { QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { IndexedKind } from '../sync/ledger/keys.ts';
import type { DueWork } from '../sync/ledger/ports.ts';
import { callAws } from './call-aws.ts';
import type { Attributes } from './item-attributes.ts';
import { dueIndex, type LedgerTable } from './table.ts';

const rowSchema = z.object({
  network: z.string(),
  item: z.string(),
  sendAt: z.number(),
  // The other attributes are keys, so DynamoDB keeps their types. A broken row still counts: reading its item reports the fault.
  dueAt: z.number().nullable().default(null).catch(null),
});

interface DueQuery {
  readonly kind: IndexedKind;
  readonly until: number;
  /** Only rows of this network. */
  readonly network?: string;
  /** The most rows that one call reads from the index. */
  readonly limit?: number;
}

function queryOf({ kind, until, network, limit }: DueQuery) {
  const whole = {
    KeyConditionExpression: '#work = :work AND sendAt <= :until',
    ExpressionAttributeNames: { '#work': 'work' },
    ExpressionAttributeValues: marshall({ ':work': kind, ':until': until }),
    ...(limit === undefined ? {} : { Limit: limit }),
  } satisfies Partial<QueryCommandInput>;
  if (network === undefined) return whole;
  return {
    ...whole,
    // DynamoDB allows this filter because `network` is no key of the index. It bills the rows that the filter drops, too.
    FilterExpression: '#network = :network',
    ExpressionAttributeNames: { ...whole.ExpressionAttributeNames, '#network': 'network' },
    ExpressionAttributeValues: { ...whole.ExpressionAttributeValues, ...marshall({ ':network': network }) },
  };
}

/** Rows of the sparse index, oldest message first, read as the caller takes them. One answer holds at most 1 MB. */
export async function* dueRows({ client, table }: LedgerTable, due: DueQuery): AsyncGenerator<DueWork> {
  const query = queryOf(due);
  let start: Attributes | undefined;
  do {
    const command = new QueryCommand({
      TableName: table,
      IndexName: dueIndex,
      ...query,
      ...(start === undefined ? {} : { ExclusiveStartKey: start }),
    });
    const answer = await callAws('ledger', (bounds) => client.send(command, bounds));
    for (const row of answer.Items ?? []) yield rowSchema.parse(unmarshall(row));
    start = answer.LastEvaluatedKey;
  } while (start !== undefined);
}
