import {
  type AttributeValue,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { z } from 'zod';
import type { Aws } from '../../target/aws.ts';
import { awsFailure } from '../../target/aws-failure.ts';

type Attributes = Record<string, AttributeValue>;

const writesSchema = z.object({ writes: z.int().positive() });

/** How often an item has been written; every writer checks that this has not changed since it read the item. */
function writesOf(item: Attributes | undefined): number {
  if (item === undefined) return 0;
  const read = writesSchema.safeParse(unmarshall(item));
  return read.success ? read.data.writes : 0;
}

/** The item as it is put back: free of its lease, and newer than what any worker has read. */
function putBack({ owner, leaseUntil, ...item }: Attributes, current: Attributes | undefined): Attributes {
  const writes = Math.max(writesOf(item), writesOf(current)) + 1;
  return { ...item, writes: { N: String(writes) } };
}

export interface RestoredTable {
  /** Every item of a network, as it was. */
  items(network: string): Promise<readonly Attributes[]>;
  /** Puts an item in place of what the ledger has. */
  copy(item: Attributes): Promise<void>;
  close(): void;
}

/** A restored copy of the ledger, beside the ledger itself. */
export function restoredTable(from: string, aws: Aws): RestoredTable {
  const client = new DynamoDBClient(aws.client('dynamodb'));
  const ledger = aws.output('LedgerTableName');
  const failed = (error: unknown) => awsFailure(error, `the copy from ${from} to ${ledger}`);
  return {
    items: async (network) => {
      const query = {
        TableName: from,
        KeyConditionExpression: 'network = :network',
        ExpressionAttributeValues: { ':network': { S: network } },
        ConsistentRead: true,
      };
      try {
        const items: Attributes[] = [];
        for await (const { Items = [] } of paginateQuery({ client }, query)) items.push(...Items);
        return items;
      } catch (error) {
        throw failed(error);
      }
    },
    copy: async (item) => {
      const { network, item: name } = item;
      if (network === undefined || name === undefined) throw new Error('An item without its key');
      const key = { TableName: ledger, Key: { network, item: name }, ConsistentRead: true };
      try {
        const { Item } = await client.send(new GetItemCommand(key));
        await client.send(new PutItemCommand({ TableName: ledger, Item: putBack(item, Item) }));
      } catch (error) {
        throw failed(error);
      }
    },
    close: () => client.destroy(),
  };
}
