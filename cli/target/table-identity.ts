import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describesTable } from '../../lib/aws/describe-table.ts';
import { dynamoLedger } from '../../lib/aws/ledger.ts';
import { UnreadableItem } from '../../lib/errors.ts';
import { identityKey, networkKey } from '../../lib/sync/ledger/keys.ts';
import type { Ledger } from '../../lib/sync/ledger/ports.ts';
import { unlessUnreadable } from '../../lib/sync/ledger/unreadable.ts';
import { updateItem } from '../../lib/sync/ledger/updates/update.ts';
import { isElsewhere } from '../../lib/sync/network/restored/guarded-ledger.ts';
import { resumeRestored } from '../../lib/sync/network/restored/restored-ledger.ts';
import type { Aws } from './services/aws.ts';
import { awsFailure } from './services/aws-failure.ts';
import { unreadableItem } from './services/unreadable-item.ts';

export interface Resumed {
  /** A pause of the restored ledger has ended. */
  readonly lifted: boolean;
  /** The networks that a restored table still pauses. */
  readonly waiting: readonly string[];
}

async function waitingIn(tableId: string, networks: readonly string[], ledger: Ledger): Promise<string[]> {
  const waiting: string[] = [];
  for (const network of networks) {
    const stored = await unlessUnreadable(() => ledger.read(networkKey(network)));
    if (stored?.item.resumedIn !== tableId) waiting.push(network);
  }
  return waiting;
}

/**
 * Lets a network go on that was paused because its ledger was restored. Once the last of `networks` goes on, the ledger belongs to
 * the table that it lies in.
 */
export async function resumeInLedger(
  network: string,
  networks: readonly string[],
  aws: Aws,
  now: number,
): Promise<Resumed> {
  const client = new DynamoDBClient(aws.client('dynamodb'));
  const place = { client, table: aws.output('LedgerTableName') };
  try {
    const ledger = dynamoLedger(place);
    const facts = await describesTable(place)();
    const isRestored = isElsewhere(facts)((await ledger.read(identityKey))?.item).result;
    const tableId = isRestored ? facts.id : null;
    const lifted = await updateItem(ledger, networkKey(network), resumeRestored(network, tableId, now));
    const waiting = tableId === null ? [] : await waitingIn(tableId, networks, ledger);
    if (tableId !== null && waiting.length === 0) {
      await updateItem(ledger, identityKey, () => ({ write: { tableId }, result: undefined }));
    }
    return { lifted, waiting };
  } catch (error) {
    if (error instanceof UnreadableItem) throw unreadableItem(error);
    throw awsFailure(error instanceof Error ? (error.cause ?? error) : error, 'the ledger');
  } finally {
    client.destroy();
  }
}
