import { once } from 'node:events';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { dynamoClient } from '../../../lib/aws/ledger.ts';
import { ledgerTable } from '../../../lib/aws/table.ts';
import { loadDynalite } from '../../../local/aws/load-dynalite.ts';
import { portOf } from '../http/port-of.ts';
import { awsEnvironment } from './aws-environment.ts';
import { patient } from './patient.ts';

export interface Dynalite {
  readonly endpoint: string;
  readonly client: DynamoDBClient;
  /** An empty table of the ledger, its name. */
  table(): Promise<string>;
  close(): Promise<void>;
}

/** DynamoDB's protocol on a free port of this machine, and a client of ours that talks to it. */
export async function startDynalite(): Promise<Dynalite> {
  const dynalite = await loadDynalite();
  const server = dynalite({ createTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${portOf(server)}`;
  const restore = awsEnvironment();
  const client = dynamoClient({ endpoint, ...patient });
  let tables = 0;

  return {
    endpoint,
    client,
    async table() {
      tables += 1;
      const name = `ledger-${tables}`;
      await client.send(new CreateTableCommand(ledgerTable(name)));
      return name;
    },
    async close() {
      client.destroy();
      restore();
      await new Promise<void>((resolve, reject) =>
        server.close((error) => (error ? reject(error) : resolve())),
      );
    },
  };
}
