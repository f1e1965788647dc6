import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Key, Kind, StoredItems } from '../sync/ledger/keys.ts';
import type { Ledger, Stored } from '../sync/ledger/ports.ts';
import { callAws } from './call-aws.ts';
import { fromAttributes, keyAttributes, toAttributes } from './item-attributes.ts';
import { ledgerQueries } from './ledger-queries.ts';
import { type SdkSettings, sdkOptions } from './sdk-options.ts';
import type { LedgerTable } from './table.ts';
import { newToken, ReadTokens, tokensIn } from './write-tokens.ts';

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

/** How a conditional write ended. `unknown`: refused, but an earlier try of the same call may have written. */
type WriteResult = 'written' | 'refused' | 'unknown';

function refusal(error: unknown): WriteResult | undefined {
  if (!(error instanceof ConditionalCheckFailedException)) return undefined;
  return (error.$metadata.attempts ?? 1) > 1 ? 'unknown' : 'refused';
}

/** The ledger in DynamoDB. */
export function dynamoLedger({ client, table }: LedgerTable): Ledger {
  const read = new ReadTokens();
  const get = async (key: Key<Kind>) => {
    const command = new GetItemCommand({ TableName: table, Key: keyAttributes(key), ConsistentRead: true });
    return (await callAws('ledger', (bounds) => client.send(command, bounds))).Item;
  };

  const put = async <K extends Kind>(key: Key<K>, item: StoredItems[K], writes: number) => {
    const token = newToken();
    const earlierTokens = read.before(key, writes);
    const command = new PutItemCommand({
      TableName: table,
      Item: toAttributes(key, item, { writes: writes + 1, token, earlierTokens }),
      ...unchangedSince(writes),
    });
    const result = await callAws(
      'ledger',
      (bounds) => client.send(command, bounds).then((): WriteResult => 'written'),
      refusal,
    );
    if (result !== 'unknown') return result === 'written';
    // The SDK repeats a call whose answer was lost. The repeat fails if the first try, or a later writer, has written.
    const stored = await get(key);
    return stored !== undefined && tokensIn(unmarshall(stored)).includes(token);
  };

  const remove = async (key: Key<Kind>, writes: number) => {
    const command = new DeleteItemCommand({
      TableName: table,
      Key: keyAttributes(key),
      ...unchangedSince(writes),
    });
    const result = await callAws(
      'ledger',
      (bounds) => client.send(command, bounds).then((): WriteResult => 'written'),
      refusal,
    );
    return result === 'unknown' ? (await get(key)) === undefined : result === 'written';
  };

  return {
    async read<K extends Kind>(key: Key<K>): Promise<Stored<StoredItems[K]> | undefined> {
      const attributes = await get(key);
      if (attributes === undefined) return undefined;
      const { tokens, ...stored } = fromAttributes(key, attributes);
      read.note(key, stored.writes, tokens);
      return stored;
    },
    write: (key, item, writes) => (item === undefined ? remove(key, writes) : put(key, item, writes)),
    ...ledgerQueries({ client, table }),
  };
}
