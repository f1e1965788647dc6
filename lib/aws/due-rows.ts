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
  | { readonly kind: IndexedKind; readonly until: number; readonly limit: number }
  /** Certificates of one network. */
  | { readonly certificatesOf: string; readonly until: number };

function queryOf(due: DueQuery) {
  if ('kind' in due) return { ...keyQuery(dueIndex, 'work', due.kind, due.until), Limit: due.limit };
  return keyQuery(dueCertificatesIndex, 'certificatesOf', due.certificatesOf, due.until);
}

function keyQuery(index: string, name: string, value: string, until: number) {
  return {
    IndexName: index,
    KeyConditionExpression: '#key = :key AND sendAt <= :until',
    ExpressionAttributeNames: { '#key': name },
    ExpressionAttributeValues: marshall({ ':key': value, ':until': until }),
  } satisfies Partial<QueryCommandInput>;
}

/** Rows of the sparse index, oldest message first, read as the caller takes them. One answer holds at most 1 MB. */
export async function* dueRows({ client, table }: LedgerTable, due: DueQuery): AsyncGenerator<DueWork> {
  const query = queryOf(due);
  let start: Attributes | undefined;
  do {
    const command = new QueryCommand({
      TableName: table,
      ...query,
      ...(start === undefined ? {} : { ExclusiveStartKey: start }),
    });
    const answer = await callAws('ledger', (bounds) => client.send(command, bounds));
    for (const row of answer.Items ?? []) yield rowSchema.parse(unmarshall(row));
    start = answer.LastEvaluatedKey;
  } while (start !== undefined);
}
