import { DescribeTableCommand, type TableDescription } from '@aws-sdk/client-dynamodb';
import { Unavailable } from '../errors.ts';
import type { DescribeTable } from '../sync/ledger/items/identity-item.ts';
import { callAws } from './call-aws.ts';
import type { LedgerTable } from './table.ts';

/** Emulators may leave out the id of a table; then its name and the moment of its creation tell it from any other. */
function idOf({ TableId, TableArn, CreationDateTime }: TableDescription): string | undefined {
  if (TableId !== undefined) return TableId;
  return TableArn === undefined || CreationDateTime === undefined
    ? undefined
    : `${TableArn} ${CreationDateTime.toISOString()}`;
}

/** Asks DynamoDB which table the ledger lives in. */
export function describesTable({ client, table }: LedgerTable): DescribeTable {
  return async () => {
    const command = new DescribeTableCommand({ TableName: table });
    const { Table } = await callAws('ledger', (bounds) => client.send(command, bounds));
    const id = Table === undefined ? undefined : idOf(Table);
    if (Table === undefined || id === undefined)
      throw new Unavailable('ledger', new Error('No table was described'));
    return { id, restored: Table.RestoreSummary !== undefined };
  };
}
