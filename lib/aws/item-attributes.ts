import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import { UnreadableItem } from '../errors.ts';
import type { IndexedKind, Key, Kind, StoredItems } from '../sync/ledger/keys.ts';
import type { Stored } from '../sync/ledger/ports.ts';
import { itemSchemas, type StoredSchema } from './item-schemas.ts';
import { tokensIn } from './write-tokens.ts';

export type Attributes = Record<string, AttributeValue>;

/** An item to be written does not fit its schema: a bug. Names fields, shows no content. */
class InvalidItem extends Error {
  override readonly name = 'InvalidItem';
  readonly network: string;
  readonly item: string;

  constructor(key: Key<Kind>, fields: readonly string[]) {
    super(`The ledger's item ${key.network} ${key.item} is faulty in: ${fields.join(', ')}`);
    this.network = key.network;
    this.item = key.item;
  }
}

function invalidFields(error: z.core.$ZodError) {
  return error.issues.map(({ path }) => path.join('.') || 'the item itself');
}

const indexedKinds: ReadonlySet<Kind> = new Set<IndexedKind>(['domain', 'network', 'outcome', 'notices']);

/**
 * An item that the sweep looks for carries its kind, which puts it into the sparse index `due`. A certificate carries its
 * network instead, for the index of each network's own: a row in both would cost twice whenever it moves.
 */
function indexAttributes({ kind, network }: Key<Kind>, fields: Record<string, unknown>) {
  if (fields.sendAt == null) return {};
  if (kind === 'certificate') return { certificatesOf: network };
  return indexedKinds.has(kind) ? { work: kind } : {};
}

export function keyAttributes({ network, item }: { network: string; item: string }): Attributes {
  return marshall({ network, item });
}

/** `token` identifies this write, `earlierTokens` the ones before it. */
export function toAttributes<K extends Kind>(
  key: Key<K>,
  item: StoredItems[K],
  write: { readonly writes: number; readonly token: string; readonly earlierTokens: readonly string[] },
): Attributes {
  const schema: StoredSchema<K> = itemSchemas[key.kind];
  const encoded = z.safeEncode(schema, item);
  if (!encoded.success) throw new InvalidItem(key, invalidFields(encoded.error));
  const fields = Object.entries(encoded.data).filter(([, value]) => value !== null);
  return marshall({
    ...Object.fromEntries(fields),
    ...indexAttributes(key, encoded.data),
    network: key.network,
    item: key.item,
    ...write,
  });
}

/**
 * A version whose items older versions could read but must not touch writes a higher format. An item without one has
 * the first format.
 */
const FORMAT = 1;

const writeSchema = z.object({
  writes: z.int().check(z.positive()),
  format: z.optional(z.int().check(z.maximum(FORMAT))),
});

/** `unmarshall` itself throws on some values, for example a number beyond JavaScript's range. */
function fieldsOf(key: Key<Kind>, attributes: Attributes) {
  try {
    return unmarshall(attributes);
  } catch {
    throw new UnreadableItem(key, ['the item itself']);
  }
}

/** Throws `UnreadableItem`. */
export function fromAttributes<K extends Kind>(
  key: Key<K>,
  attributes: Attributes,
): Stored<StoredItems[K]> & { readonly tokens: readonly string[] } {
  const fields = fieldsOf(key, attributes);
  const schema: StoredSchema<K> = itemSchemas[key.kind];
  const write = writeSchema.safeParse(fields);
  const item = z.safeDecode(schema, fields);
  if (!write.success) throw new UnreadableItem(key, invalidFields(write.error));
  if (!item.success) throw new UnreadableItem(key, invalidFields(item.error));
  return { item: item.data, writes: write.data.writes, tokens: tokensIn(fields) };
}
