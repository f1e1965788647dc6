import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { Unavailable } from '../errors.ts';
import type { DescribeTable } from '../sync/ledger/identity-item.ts';
import { callAws } from './call-aws.ts';
import type { LedgerTable } from './table.ts';

/** Asks DynamoDB which table the ledger lives in. */
export function describesTable({ client, table }: LedgerTable): DescribeTable {
  return async () => {
    const command = new DescribeTableCommand({ TableName: table });
    const { Table } = await callAws('ledger', (bounds) => client.send(command, bounds));
    if (Table?.TableId === undefined) throw new Unavailable('ledger', new Error('The table has no TableId'));
    return { id: Table.TableId, restored: Table.RestoreSummary !== undefined };
  };
}
