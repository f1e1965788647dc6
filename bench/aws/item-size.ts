import type { AttributeValue } from '@aws-sdk/client-dynamodb';

export type Item = Readonly<Record<string, AttributeValue>>;

/** What DynamoDB adds to a list or map, and to each entry of it. */
const DOCUMENT_BYTES = 3;
const ENTRY_BYTES = 1;

function sum(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total + size, 0);
}

function sizeOfValue({ S, N, BOOL, NULL, L, M }: AttributeValue): number {
  if (S !== undefined) return Buffer.byteLength(S);
  // Two digits take a byte.
  if (N !== undefined) return Math.ceil(N.replace(/[^0-9]/g, '').length / 2) + 1;
  if (BOOL !== undefined || NULL !== undefined) return 1;
  if (L !== undefined) return DOCUMENT_BYTES + sum(L.map((value) => ENTRY_BYTES + sizeOfValue(value)));
  if (M !== undefined) return DOCUMENT_BYTES + sizeOf(M) + Object.keys(M).length * ENTRY_BYTES;
  throw new TypeError(`An item of the ledger holds another type`);
}

/** Bytes of an item, as DynamoDB counts them. */
export function sizeOf(item: Item): number {
  return sum(Object.entries(item).map(([name, value]) => Buffer.byteLength(name) + sizeOfValue(value)));
}
