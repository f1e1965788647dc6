import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoLedger } from '../../../lib/aws/ledger.ts';
import { UnreadableItem } from '../../../lib/errors.ts';
import { released } from '../../../lib/sync/ledger/items/lease.ts';
import type { NetworkItem } from '../../../lib/sync/ledger/items/network-item.ts';
import { networkKey } from '../../../lib/sync/ledger/keys.ts';
import type { Ledger } from '../../../lib/sync/ledger/ports.ts';
import { unlessUnreadable } from '../../../lib/sync/ledger/unreadable.ts';
import { updateItem } from '../../../lib/sync/ledger/updates/update.ts';
import { pauseRestored } from '../../../lib/sync/network/restored/restored-ledger.ts';
import { CommandFailed } from '../../errors.ts';
import type { Aws } from '../../target/services/aws.ts';
import { awsFailure } from '../../target/services/aws-failure.ts';

/** A network's item of a backup, without what was under way then. */
function atRest(item: NetworkItem): NetworkItem {
  const certificates = item.certificates && { ...item.certificates, ...released };
  return { ...item, ...released, certificates, pause: null, requeue: null, lister: null, toSend: [] };
}

/** When the network's pause began. The ledger's own item of it is newer than the backup's; that one counts only where there is none. */
async function pausedSince(
  network: string,
  { ledger, backup, now }: { readonly ledger: Ledger; readonly backup: Ledger; readonly now: number },
): Promise<number> {
  const key = networkKey(network);
  const old = (await unlessUnreadable(() => backup.read(key)))?.item;
  const known = old && atRest(old);
  await updateItem(ledger, key, (item) => pauseRestored(network, null, now)(item ?? known));
  const since = (await ledger.read(key))?.item.pause?.since;
  return since === undefined ? now : Date.parse(since);
}

/** Pauses networks in the ledger itself, as a restored ledger is. Returns when the last of these pauses began. */
export async function pauseNetworks(
  networks: readonly string[],
  { from, aws, now }: { readonly from: string; readonly aws: Aws; readonly now: number },
): Promise<number> {
  const client = new DynamoDBClient(aws.client('dynamodb'));
  const ledger = dynamoLedger({ client, table: aws.output('LedgerTableName') });
  const backup = dynamoLedger({ client, table: from });
  let last = 0;
  try {
    for (const network of networks) {
      last = Math.max(last, await pausedSince(network, { ledger, backup, now }));
    }
    return last;
  } catch (error) {
    if (error instanceof UnreadableItem) {
      throw new CommandFailed(
        `Nothing was copied: ${error.message}. Correct that item (docs/operations/roll-back.md, "Unreadable items"), then repeat this.`,
        { cause: error },
      );
    }
    throw awsFailure(error instanceof Error ? (error.cause ?? error) : error, 'the ledger');
  } finally {
    client.destroy();
  }
}
