import { BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Key, Kind } from '../sync/ledger/keys.ts';
import { callAws } from './call-aws.ts';
import { type Attributes, keyAttributes } from './item-attributes.ts';
import type { LedgerTable } from './table.ts';
import { nameOf } from './write-tokens.ts';

/** Reads some items; what it returns gives out each, or throws its fault. */
export type GetAll = (
  place: LedgerTable,
  keys: readonly Key<Kind>[],
  get: (key: Key<Kind>) => Promise<Attributes | undefined>,
) => Promise<(key: Key<Kind>) => Attributes | undefined>;

type Found = { readonly attributes: Attributes | undefined } | { readonly error: unknown };

function nameIn({ network, item }: Attributes): string {
  return nameOf({ network: network?.S ?? '', item: item?.S ?? '' });
}

/**
 * Reads a few items in one call. DynamoDB leaves out an item whose key it throttles: that one is read alone, and if it
 * stays out of reach only its reader meets the error.
 */
export const getAll: GetAll = async ({ client, table }, keys, get) => {
  const command = new BatchGetItemCommand({
    RequestItems: { [table]: { Keys: keys.map((key) => keyAttributes(key)), ConsistentRead: true } },
  });
  const { Responses, UnprocessedKeys } = await callAws('ledger', (bounds) => client.send(command, bounds));
  const found = new Map<string, Found>();
  for (const attributes of Responses?.[table] ?? []) found.set(nameIn(attributes), { attributes });
  const leftOut = new Set((UnprocessedKeys?.[table]?.Keys ?? []).map(nameIn));
  for (const key of keys) {
    if (!leftOut.has(nameOf(key))) continue;
    try {
      found.set(nameOf(key), { attributes: await get(key) });
    } catch (error) {
      found.set(nameOf(key), { error });
    }
  }
  return (key) => {
    const it = found.get(nameOf(key));
    if (it !== undefined && 'error' in it) throw it.error;
    return it?.attributes;
  };
};
