import { allItems } from '../../../lib/sync/ledger/updates/all-items.ts';
import { restRemoved } from '../../../lib/sync/network-work/rest-removed.ts';
import { type Io, say } from '../../io.ts';
import type { GlobalOptions } from '../../options.ts';
import { confirmed } from '../../output/confirm.ts';
import { printJson } from '../../output/json.ts';
import { findTarget } from '../../target/find-target.ts';
import { deleteValues, RESTORABLE_DAYS, readValues } from '../../target/secrets/secret-store.ts';
import type { Aws } from '../../target/services/aws.ts';
import { withLedger } from '../../target/services/ledger.ts';
import { checkedNetwork } from './checked-network.ts';

async function wantedDomains(network: string, aws: Aws): Promise<number> {
  return withLedger(aws, async (ledger) => {
    let count = 0;
    for await (const { wanted } of allItems(ledger, 'domain', network)) {
      if (wanted === 'present') count += 1;
    }
    return count;
  });
}

/** Deletes the secret of a network, after a question. Nothing changes in RunCloud, and the ledger stays. */
export async function removeNetwork(name: string, options: GlobalOptions, io: Io): Promise<void> {
  const network = checkedNetwork(name);
  const target = await findTarget(options, io);
  const aws = await target.aws();
  await readValues(network, aws);
  const domains = await wantedDomains(network, aws);
  say(
    io,
    `${network}: the relay refuses its events from then on, and does nothing for its ${domains} domains.`,
  );
  say(io, `RunCloud goes on serving them. A stage's secret can be restored for ${RESTORABLE_DAYS} days.`);
  await confirmed(`Remove network ${network} from ${target.label}?`, 'Nothing was removed', options, io);
  await deleteValues(network, aws);
  try {
    await withLedger(aws, (ledger) => restRemoved(ledger, network, io.now()));
  } finally {
    if (options.json) printJson(io, { network, removed: true, domains });
    say(io, `${network}: removed`);
  }
}
