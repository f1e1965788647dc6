import { isDeepStrictEqual } from 'node:util';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  paginateQuery,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { z } from 'zod';
import type { Aws } from '../../target/services/aws.ts';
import { awsFailure } from '../../target/services/aws-failure.ts';

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

/** The work on an application's certificates, which holds its orders. */
const CERTIFICATE_WORK = 'certificates';

/** Orders of certificates: those that the ledger has are newer, and the authority counts on. */
function isOrders(name: string): boolean {
  return name === CERTIFICATE_WORK || name === 'orders' || name.startsWith('orders#');
}

/** An item as it is put where there is none: free of its lease, and of a message that the ledger's queue never got. */
function atRest(item: Attributes): Attributes {
  if (item.item?.S !== CERTIFICATE_WORK) return item;
  const { owner, leaseUntil, messageAt, ...rest } = item;
  return rest;
}

/** What is left out is the ledger's own course, not what the multisite said: messages to send, and comparisons under way. */
function isCopied({ item }: Attributes): boolean {
  const name = item?.S ?? '';
  return name.startsWith('domain#') || name.startsWith('certificate#') || isOrders(name);
}

export interface RestoredTable {
  /** What is copied of a network, as it was. */
  items(network: string): Promise<readonly Attributes[]>;
  /** Puts an item in place of what the ledger has. False: the ledger's own is kept. */
  copy(item: Attributes): Promise<boolean>;
  close(): void;
}

/** A restored copy of the ledger, beside the ledger itself. */
export function restoredTable(from: string, aws: Aws): RestoredTable {
  const client = new DynamoDBClient(aws.client('dynamodb'));
  const ledger = aws.output('LedgerTableName');
  const failed = (error: unknown) => awsFailure(error, `the copy from ${from} to ${ledger}`);

  const copyMissing = async (Item: Attributes): Promise<boolean> => {
    const missing = {
      ConditionExpression: 'attribute_not_exists(network)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    } as const;
    try {
      await client.send(new PutItemCommand({ TableName: ledger, Item, ...missing }));
      return true;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      // The SDK repeats a call whose answer was lost, and the repeat finds what the first try has put there.
      return (error.$metadata.attempts ?? 1) > 1 && isDeepStrictEqual(error.Item, Item);
    }
  };
  const replace = async (item: Attributes, Key: Attributes): Promise<boolean> => {
    const { Item } = await client.send(new GetItemCommand({ TableName: ledger, Key, ConsistentRead: true }));
    await client.send(new PutItemCommand({ TableName: ledger, Item: putBack(item, Item) }));
    return true;
  };

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
        return items.filter(isCopied);
      } catch (error) {
        throw failed(error);
      }
    },
    copy: async (attributes) => {
      const { network, item } = attributes;
      if (network === undefined || item === undefined) throw new Error('An item without its key');
      try {
        return await (isOrders(item.S ?? '')
          ? copyMissing(atRest(attributes))
          : replace(attributes, { network, item }));
      } catch (error) {
        throw failed(error);
      }
    },
    close: () => client.destroy(),
  };
}
