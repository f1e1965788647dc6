import type { IncomingMessage, Server } from 'node:http';
import { type AttributeValue, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import type { Room } from '../state.ts';

const attributesSchema = z.record(
  z.string(),
  z.custom<AttributeValue>((value) => typeof value === 'object' && value !== null),
);
type Attributes = z.infer<typeof attributesSchema>;

/** A call that changes one item: with `Item` it is put, with `Key` it is deleted. */
const writeSchema = z.object({
  TableName: z.string(),
  Item: attributesSchema.optional(),
  Key: attributesSchema.optional(),
});

const keptSchema = z.object({ table: z.string(), item: attributesSchema });

export interface KeptTable {
  readonly name: string;
  /** DynamoDB's own id of it. */
  readonly id: string;
  /** The attributes of its key. */
  readonly key: readonly string[];
}

function actionOf({ headers }: IncomingMessage): string {
  return String(headers['x-amz-target']).split('.')[1] ?? '';
}

/** The writes that the ledger makes. Any other would be lost here unseen. */
const kept = new Set(['PutItem', 'DeleteItem']);
const lost = new Set(['UpdateItem', 'BatchWriteItem', 'TransactWriteItems']);

function keyIn(table: KeptTable, attributes: Attributes): string {
  return JSON.stringify([table.name, ...table.key.map((name) => attributes[name])]);
}

/** Writes down every item that the server puts or deletes, before the server answers. */
export function keepItems(server: Server, tables: readonly KeptTable[], room: Room): void {
  const note = (body: string) => {
    const { TableName, Item, Key } = writeSchema.parse(JSON.parse(body));
    const table = tables.find(({ name }) => name === TableName);
    if (table === undefined) return;
    if (Item !== undefined) room.set(keyIn(table, Item), { table: table.name, item: Item });
    else room.delete(keyIn(table, Key ?? {}));
  };
  server.prependListener('request', (request, response) => {
    const action = actionOf(request);
    if (lost.has(action)) throw new Error(`${action} is not kept: STATE_DIR knows ${[...kept].join(', ')}`);
    if (!kept.has(action)) return;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.end = new Proxy(response.end, {
      apply: (end, self, args) => {
        if (response.statusCode === 200) note(Buffer.concat(chunks).toString('utf8'));
        return Reflect.apply(end, self, args);
      },
    });
  });
}

/**
 * An item as it is after its workers were killed. No worker holds it, so its work need not wait for the end of a lease; a
 * write that was on its way is still recorded (`attempt`). A ledger knows its table by id, and this is the same table.
 */
function afterKill({ owner, lister, ...item }: Attributes, tableId: string, now: number): Attributes {
  return {
    ...item,
    ...(owner !== undefined && item.sendAt !== undefined ? { sendAt: { N: String(now) } } : {}),
    ...(item.tableId === undefined ? {} : { tableId: { S: tableId } }),
  };
}

/** Puts back what was kept. */
export async function restoreItems(
  dynamo: DynamoDBClient,
  tables: readonly KeptTable[],
  room: Room,
  now: number,
): Promise<void> {
  for (const [, { table: name, item }] of room.entries(keptSchema)) {
    const table = tables.find((one) => one.name === name);
    if (table === undefined) continue;
    await dynamo.send(new PutItemCommand({ TableName: name, Item: afterKill(item, table.id, now) }));
  }
}
