import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoLedger } from '../../../lib/aws/ledger.ts';
import { RelayError, Unavailable, UnreadableItem } from '../../../lib/errors.ts';
import type { Ledger } from '../../../lib/sync/ledger/ports.ts';
import { CommandFailed } from '../../errors.ts';
import type { Aws } from './aws.ts';
import { awsFailure } from './aws-failure.ts';
import { unreadableItem } from './unreadable-item.ts';

/** Runs with the relay's ledger, which is only read here unless `run` says so. */
export async function withLedger<T>(aws: Aws, run: (ledger: Ledger) => Promise<T>): Promise<T> {
  const client = new DynamoDBClient(aws.client('dynamodb'));
  try {
    return await run(dynamoLedger({ client, table: aws.output('LedgerTableName') }));
  } catch (error) {
    if (error instanceof UnreadableItem) throw unreadableItem(error);
    if (error instanceof Unavailable) throw awsFailure(error.cause, 'the ledger');
    if (!(error instanceof RelayError)) throw error;
    throw new CommandFailed(
      `The ledger cannot be read (${error.code}): check your AWS credentials and --region.`,
      {
        cause: error,
      },
    );
  } finally {
    client.destroy();
  }
}
