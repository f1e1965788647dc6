import { once } from 'node:events';
import { CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { addressOf } from '../address-of.ts';
import type { Service } from '../service.ts';
import type { State } from '../state.ts';
import { type KeptTable, keepItems, restoreItems } from './kept-items.ts';
import { loadDynalite } from './load-dynalite.ts';
import type { ResourceValues } from './references.ts';

const keySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));

const propertiesSchema = z.object({
  AttributeDefinitions: z.array(
    z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
  ),
  KeySchema: keySchema,
  GlobalSecondaryIndexes: z
    .array(
      z.object({
        IndexName: z.string(),
        KeySchema: keySchema,
        Projection: z.object({
          ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
          NonKeyAttributes: z.array(z.string()).optional(),
        }),
      }),
    )
    .optional(),
});

export interface TableServer {
  readonly endpoint: string;
  /** By logical id. */
  readonly tables: ReadonlyMap<string, ResourceValues>;
  close(): Promise<void>;
}

/** DynamoDB's protocol on a free port of this machine, with the tables of serverless.yml and the items that were kept. */
export async function startTables(
  service: Service,
  client: (endpoint: string) => DynamoDBClient,
  state?: State,
): Promise<TableServer> {
  const dynalite = await loadDynalite();
  // Tables are there at once; AWS takes seconds.
  const server = dynalite({ createTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = addressOf(server);
  const dynamo = client(endpoint);
  const tables = new Map<string, ResourceValues>();
  const kept: KeptTable[] = [];
  for (const [id, { Type, Properties }] of Object.entries(service.resources.Resources)) {
    if (Type !== 'AWS::DynamoDB::Table') continue;
    const { GlobalSecondaryIndexes: indexes = [], ...table } = propertiesSchema.parse(Properties);
    const projected = indexes.map(({ Projection: { ProjectionType, NonKeyAttributes }, ...index }) => ({
      ...index,
      Projection: { ProjectionType, ...(NonKeyAttributes === undefined ? {} : { NonKeyAttributes }) },
    }));
    const answer = await dynamo.send(
      new CreateTableCommand({
        TableName: id,
        BillingMode: 'PAY_PER_REQUEST',
        ...table,
        ...(projected.length === 0 ? {} : { GlobalSecondaryIndexes: projected }),
      }),
    );
    const { TableArn = id, TableId = '' } = answer.TableDescription ?? {};
    tables.set(id, { ref: id, arn: TableArn });
    kept.push({ name: id, id: TableId, key: table.KeySchema.map(({ AttributeName }) => AttributeName) });
  }
  if (state !== undefined) {
    const room = state.room('items');
    keepItems(server, kept, room);
    await restoreItems(dynamo, kept, room, Date.now());
  }
  dynamo.destroy();
  return {
    endpoint,
    tables,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
