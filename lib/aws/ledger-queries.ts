import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { z } from 'zod';
import { certificateKey, domainKey, type Key, type StoredItems } from '../sync/items.ts';
import type { DueWork, Ledger } from '../sync/ports.ts';
import { type Attributes, fromAttributes } from './item-attributes.ts';
import { reach } from './reach.ts';
import { dueIndex } from './table.ts';

const dueRowSchema = z.object({
  network: z.string(),
  item: z.string(),
  sendAt: z.number(),
  dueAt: z
    .number()
    .optional()
    .transform((dueAt) => dueAt ?? null),
});

const pageKeys: {
  readonly [K in 'domain' | 'certificate']: (network: string, domain: string) => Key<K>;
} = { domain: domainKey, certificate: certificateKey };

const nameIn = (attributes: Attributes, kind: string) => attributes.item?.S?.slice(kind.length + 1) ?? '';

/** What the ledger is asked for beyond single items. */
export const ledgerQueries = ({
  client,
  table,
}: {
  client: DynamoDBClient;
  table: string;
}): Pick<Ledger, 'due' | 'page'> => ({
  async due(kind, until, limit) {
    const found: DueWork[] = [];
    let start: Attributes | undefined;
    // One answer holds at most 1 MB, whatever the limit.
    do {
      const command = new QueryCommand({
        TableName: table,
        IndexName: dueIndex,
        KeyConditionExpression: '#work = :work AND sendAt <= :until',
        ExpressionAttributeNames: { '#work': 'work' },
        ExpressionAttributeValues: marshall({ ':work': kind, ':until': until }),
        Limit: limit - found.length,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      });
      const answer = await reach('ledger', () => client.send(command));
      found.push(...(answer.Items ?? []).map((row) => dueRowSchema.parse(unmarshall(row))));
      start = answer.LastEvaluatedKey;
    } while (start !== undefined && found.length < limit);
    return found;
  },

  async page<K extends 'domain' | 'certificate'>(
    kind: K,
    network: string,
    cursor: string | undefined,
    limit: number,
  ): Promise<{ items: StoredItems[K][]; cursor: string | undefined }> {
    const command = new QueryCommand({
      TableName: table,
      ConsistentRead: true,
      KeyConditionExpression: '#network = :network AND begins_with(#item, :kind)',
      ExpressionAttributeNames: { '#network': 'network', '#item': 'item' },
      ExpressionAttributeValues: marshall({ ':network': network, ':kind': `${kind}#` }),
      // One more than asked for tells whether there is a next page, so the last page is never an empty one.
      Limit: limit + 1,
      ...(cursor === undefined
        ? {}
        : { ExclusiveStartKey: marshall({ network, item: `${kind}#${cursor}` }) }),
    });
    const answer = await reach('ledger', () => client.send(command));
    const rows = (answer.Items ?? []).slice(0, limit);
    const items = rows.map((row) => fromAttributes(pageKeys[kind](network, nameIn(row, kind)), row).item);
    const more = (answer.Items ?? []).length > limit || answer.LastEvaluatedKey !== undefined;
    return { items, cursor: more ? items.at(-1)?.domain : undefined };
  },
});
