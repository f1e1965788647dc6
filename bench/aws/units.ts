import { z } from 'zod';
import type { AwsRequest } from '../../test/support/aws/counted-requests.ts';
import { type Item, sizeOf } from './item-size.ts';

const WRITE_UNIT_BYTES = 1_024;
const READ_UNIT_BYTES = 4_096;

const putSchema = z.object({ Item: z.custom<Item>() });
const getSchema = z.object({ Item: z.custom<Item>().optional() });
const batchSchema = z.object({ Responses: z.record(z.string(), z.array(z.custom<Item>())) });
const querySchema = z.object({ Items: z.array(z.custom<Item>()).optional() });
const consistentSchema = z.object({ ConsistentRead: z.boolean().optional() });
const keysSchema = z.object({
  RequestItems: z.record(z.string(), z.object({ Keys: z.array(z.unknown()) })),
});

export interface Units {
  readonly reads: number;
  readonly writes: number;
  readonly queues: number;
  readonly secrets: number;
}

/** The attributes that put an item into an index, one for each index of the table. */
const INDEX_KEYS = ['work', 'certificatesOf'] as const;

/** An item's row in an index. */
function indexRow(
  item: Item,
  name: (typeof INDEX_KEYS)[number],
): { readonly key: string; readonly row: string } | undefined {
  const { [name]: partition, sendAt, dueAt } = item;
  if (partition === undefined || sendAt === undefined) return undefined;
  const key = `${partition.S} ${sendAt.N}`;
  return { key, row: `${key} ${dueAt?.N ?? ''}` };
}

/** What the indexes are billed for when an item replaces another one: a row that moves is deleted and written. */
function indexUnits(before: Item | undefined, after: Item): number {
  const units = INDEX_KEYS.map((name) => {
    const [old, next] = [before && indexRow(before, name), indexRow(after, name)];
    if (old?.row === next?.row) return 0;
    return old !== undefined && next !== undefined && old.key !== next.key ? 2 : 1;
  });
  return units.reduce((sum: number, each) => sum + each, 0);
}

/** Counts what DynamoDB, SQS and Secrets Manager bill for requests, in the order in which they were made. */
export function unitCounter() {
  const items = new Map<string, Item>();
  const readUnits = (item: Item | undefined): number =>
    Math.max(1, Math.ceil((item === undefined ? 0 : sizeOf(item)) / READ_UNIT_BYTES));
  const put = ({ input, output }: AwsRequest): number => {
    const { Item: item } = putSchema.parse(input);
    const name = `${item.network?.S} ${item.item?.S}`;
    const before = items.get(name);
    const larger = Math.max(sizeOf(item), before === undefined ? 0 : sizeOf(before));
    const units = Math.ceil(larger / WRITE_UNIT_BYTES);
    // A refused write is billed as well, and leaves the index as it is.
    if (output === undefined) return units;
    items.set(name, item);
    return units + indexUnits(before, item);
  };
  return (requests: readonly AwsRequest[]): Units => {
    let [reads, writes, queues, secrets] = [0, 0, 0, 0];
    for (const request of requests) {
      switch (request.command) {
        case 'GetItem':
          reads += readUnits(getSchema.parse(request.output).Item);
          break;
        case 'BatchGetItem': {
          const found = Object.values(batchSchema.parse(request.output).Responses).flat();
          const asked = Object.values(keysSchema.parse(request.input).RequestItems).flatMap(
            ({ Keys }) => Keys,
          );
          reads += found.reduce((total, item) => total + readUnits(item), asked.length - found.length);
          break;
        }
        case 'Query': {
          const { Items = [] } = querySchema.parse(request.output);
          const units = Math.max(
            1,
            Math.ceil(Items.reduce((total, item) => total + sizeOf(item), 0) / READ_UNIT_BYTES),
          );
          reads += consistentSchema.parse(request.input).ConsistentRead === true ? units : units / 2;
          break;
        }
        case 'PutItem':
          writes += put(request);
          break;
        case 'SendMessageBatch':
        case 'SendMessage':
          queues += 1;
          break;
        case 'GetSecretValue':
          secrets += 1;
          break;
        default:
          throw new Error(`There is no price of ${request.command}`);
      }
    }
    return { reads, writes, queues, secrets };
  };
}
