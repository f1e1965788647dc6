import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Key, Kind, StoredItems } from '../sync/ledger/keys.ts';
import type { Ledger, Snapshot, Stored } from '../sync/ledger/ports.ts';
import { callAws } from './call-aws.ts';
import type { GetAll } from './get-all.ts';
import { type Attributes, fromAttributes, keyAttributes, toAttributes } from './item-attributes.ts';
import { ledgerQueries } from './ledger-queries.ts';
import { type SdkSettings, sdkOptions } from './sdk-options.ts';
import type { LedgerTable } from './table.ts';
import { nameOf, newToken, ReadTokens, tokensIn } from './write-tokens.ts';

export function dynamoClient(settings?: SdkSettings): DynamoDBClient {
  return new DynamoDBClient(sdkOptions(settings));
}

/** "Not written since it was read": the whole concurrency control (docs/decisions/0001). */
function unchangedSince(writes: number) {
  return writes === 0
    ? { ConditionExpression: 'attribute_not_exists(writes)' }
    : {
        ConditionExpression: 'writes = :writes',
        ExpressionAttributeValues: marshall({ ':writes': writes }),
      };
}

/** A conditional write was refused. */
interface Refusal {
  /** An earlier try of the same call may have written. */
  readonly repeated: boolean;
  /** The item that is there. */
  readonly stored: Attributes | undefined;
}

function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof ConditionalCheckFailedException)) return undefined;
  return { repeated: (error.$metadata.attempts ?? 1) > 1, stored: error.Item };
}

/** For functions that read no items together: in the bundles of the API functions the command would only be a weight. */
const getOneByOne: GetAll = async (_place, keys, get) => {
  const found = new Map<string, Attributes | undefined>();
  for (const key of keys) found.set(nameOf(key), await get(key));
  return (key) => found.get(nameOf(key));
};

/** The ledger in DynamoDB. */
export function dynamoLedger({ client, table }: LedgerTable, getAll: GetAll = getOneByOne): Ledger {
  const read = new ReadTokens();
  const get = async (key: Key<Kind>) => {
    const command = new GetItemCommand({ TableName: table, Key: keyAttributes(key), ConsistentRead: true });
    return (await callAws('ledger', (bounds) => client.send(command, bounds))).Item;
  };

  /** Undefined: written. */
  const put = async <K extends Kind>(
    key: Key<K>,
    item: StoredItems[K],
    writes: number,
  ): Promise<Refusal | undefined> => {
    const token = newToken();
    const earlierTokens = read.before(key, writes);
    const command = new PutItemCommand({
      TableName: table,
      Item: toAttributes(key, item, { writes: writes + 1, token, earlierTokens }),
      ...unchangedSince(writes),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    const answer = await callAws('ledger', (bounds) => client.send(command, bounds), refusalOf);
    const refused = 'repeated' in answer ? answer : undefined;
    // The SDK repeats a call whose answer was lost. The repeat fails if the first try, or a later writer, has written.
    const stored = refused?.repeated === true ? refused.stored : undefined;
    const isOwn = stored !== undefined && tokensIn(unmarshall(stored)).includes(token);
    if (refused !== undefined && !isOwn) return refused;
    // The next write over this one needs no read to pass the token on.
    read.note(key, writes + 1, [token, ...earlierTokens]);
    return undefined;
  };

  const remove = async (key: Key<Kind>, writes: number) => {
    const command = new DeleteItemCommand({
      TableName: table,
      Key: keyAttributes(key),
      ...unchangedSince(writes),
    });
    const result = await callAws('ledger', (bounds) => client.send(command, bounds), refusalOf);
    if (!('repeated' in result)) return true;
    return result.repeated && (await get(key)) === undefined;
  };

  const noted = <K extends Kind>(key: Key<K>, attributes: Attributes): Stored<StoredItems[K]> => {
    const { tokens, ...stored } = fromAttributes(key, attributes);
    read.note(key, stored.writes, tokens);
    return stored;
  };

  return {
    async read<K extends Kind>(key: Key<K>): Promise<Stored<StoredItems[K]> | undefined> {
      const attributes = await get(key);
      return attributes === undefined ? undefined : noted(key, attributes);
    },
    async readAll(keys): Promise<Snapshot> {
      const found = await getAll({ client, table }, keys, get);
      return {
        of: (key) => {
          const attributes = found(key);
          return attributes === undefined ? undefined : noted(key, attributes);
        },
      };
    },
    write: async (key, item, writes) =>
      item === undefined ? remove(key, writes) : (await put(key, item, writes)) === undefined,
    async create<K extends Kind>(key: Key<K>, item: StoredItems[K]) {
      const refused = await put(key, item, 0);
      if (refused === undefined) return undefined;
      if (refused.stored === undefined)
        throw new Error(`DynamoDB refused ${key.item}, and shows no other item`);
      return noted(key, refused.stored);
    },
    ...ledgerQueries({ client, table }),
  };
}
