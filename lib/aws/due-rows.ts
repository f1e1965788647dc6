import { QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import type { IndexedKind } from '../sync/ledger/keys.ts';
import type { DueWork } from '../sync/ledger/ports.ts';
import { callAws } from './call-aws.ts';
import type { Attributes } from './item-attributes.ts';
import { orNull } from './schemas/fields.ts';
import { dueCertificatesIndex, dueIndex, type LedgerTable } from './table.ts';

const rowSchema = z.object({
  network: z.string(),
  item: z.string(),
  sendAt: z.number(),
  // The other attributes are keys, so DynamoDB keeps their types. A broken row still counts: reading its item reports the fault.
  dueAt: z.catch(orNull(z.number()), null),
});

type DueQuery =
  /** 0.1.0 wrote its certificates into this index too. */
  | { readonly kind: IndexedKind | 'certificate'; readonly until: number; readonly limit: number }
  /** Certificates of one network. */
  | { readonly certificatesOf: string; readonly until: number; readonly limit: number | undefined };

function queryOf(due: DueQuery) {
  const { until, limit } = due;
  const query =
    'kind' in due
      ? keyQuery(dueIndex, 'work', due.kind, until)
      : keyQuery(dueCertificatesIndex, 'certificatesOf', due.certificatesOf, until);
  return { ...query, ...(limit === undefined ? {} : { Limit: limit }) };
}

function keyQuery(index: string, name: string, value: string, until: number) {
  return {
    IndexName: index,
    KeyConditionExpression: '#key = :key AND sendAt <= :until',
    ExpressionAttributeNames: { '#key': name },
    ExpressionAttributeValues: marshall({ ':key': value, ':until': until }),
  } satisfies Partial<QueryCommandInput>;
}

/** Rows of an index in its order, read as the caller takes them. One answer holds at most 1 MB. */
async function* rowsOf(
  { client, table }: LedgerTable,
  query: Partial<QueryCommandInput>,
): AsyncGenerator<Attributes> {
  let start: Attributes | undefined;
  do {
    const command = new QueryCommand({
      TableName: table,
      ...query,
      ...(start === undefined ? {} : { ExclusiveStartKey: start }),
    });
    const answer = await callAws('ledger', (bounds) => client.send(command, bounds));
    yield* answer.Items ?? [];
    start = answer.LastEvaluatedKey;
  } while (start !== undefined);
}

/** Rows of a sparse index, oldest message first. */
export async function* dueRows(table: LedgerTable, due: DueQuery): AsyncGenerator<DueWork> {
  for await (const row of rowsOf(table, queryOf(due))) yield rowSchema.parse(unmarshall(row));
}

/** The names of all networks: each has a row in the index (lib/aws/schemas/network.ts). */
export async function networkNames(table: LedgerTable): Promise<string[]> {
  const names: string[] = [];
  const query = {
    IndexName: dueIndex,
    KeyConditionExpression: '#work = :network',
    ExpressionAttributeNames: { '#work': 'work', '#name': 'network' },
    ExpressionAttributeValues: marshall({ ':network': 'network' satisfies IndexedKind }),
    ProjectionExpression: '#name',
  };
  for await (const { network } of rowsOf(table, query)) {
    if (network?.S !== undefined) names.push(network.S);
  }
  return names;
}
