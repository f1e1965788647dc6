import {
  CreateTableCommand,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { ledgerTable } from '../../../lib/aws/table.ts';
import type { TestStack } from './stack.ts';

/** All that a table holds of a network. */
export async function itemsOf(client: DynamoDBClient, table: string, network: string) {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'network = :network',
      ExpressionAttributeValues: { ':network': { S: network } },
    }),
  );
  return Items;
}

export function ledgerNameOf({ resources }: Pick<TestStack, 'resources'>): string {
  return resources.get('LedgerTable')?.ref ?? '';
}

/** Makes a table as a restore to this point in time leaves it: a copy of the ledger beside it. */
export async function restoreTo(
  table: string,
  network: string,
  { client, ledger }: { readonly client: DynamoDBClient; readonly ledger: string },
): Promise<void> {
  await client.send(new CreateTableCommand(ledgerTable(table)));
  for (const Item of await itemsOf(client, ledger, network)) {
    await client.send(new PutItemCommand({ TableName: table, Item }));
  }
}
