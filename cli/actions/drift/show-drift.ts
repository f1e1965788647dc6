import { RelayError } from '../../../lib/errors.ts';
import { networkKey } from '../../../lib/sync/ledger/keys.ts';
import { toInstant } from '../../../lib/sync/ledger/time.ts';
import { CommandFailed } from '../../errors.ts';
import { type Io, say } from '../../io.ts';
import type { GlobalOptions } from '../../options.ts';
import { printJson } from '../../output/json.ts';
import { table } from '../../output/table.ts';
import { toSecond } from '../../output/times.ts';
import { findRelay } from '../../target/relay.ts';
import { readSettings } from '../../target/secrets/read-settings.ts';
import { withLedger } from '../../target/services/ledger.ts';
import { readOnlyHosting } from '../../target/services/runcloud.ts';
import { type FoundDrift, findDrift } from './find-drift.ts';

const consequences = {
  missing: 'is added again',
  unwanted: 'is reported: the multisite has removed it, and it is there again',
  unknown: 'is reported: the multisite has never announced it',
} as const;

function driftTable(drift: FoundDrift): string {
  const kinds = ['missing', 'unwanted', 'unknown'] as const;
  const rows = kinds.flatMap((kind) => drift[kind].map((domain) => [domain, kind, consequences[kind]]));
  return table(['DOMAIN', 'FOUND', 'THE RELAY'], rows);
}

/** Prints what the next comparison of a network would do. */
export async function showDrift(options: GlobalOptions, io: Io): Promise<void> {
  const { target, network } = await findRelay(options, [], io);
  const aws = await target.aws();
  const settings = await readSettings(network, aws);
  const hosting = readOnlyHosting(settings, aws);
  const { at, drift } = await withLedger(aws, async (ledger) => {
    const dueAt = (await ledger.read(networkKey(network)))?.item.comparison?.dueAt ?? 0;
    // By then all that is settled now is old enough to be compared.
    const begunAt = Math.max(io.now(), dueAt);
    try {
      return {
        at: toInstant(begunAt),
        drift: await findDrift(network, settings, begunAt, { ledger, hosting }),
      };
    } catch (error) {
      if (!(error instanceof RelayError) || !error.code.startsWith('runcloud-')) throw error;
      throw new CommandFailed(
        `RunCloud's list cannot be read (${error.code}): relay doctor names the cause.`,
        {
          cause: error,
        },
      );
    }
  });
  if (options.json) {
    printJson(io, { network, at, ...drift });
    return;
  }
  const { complete, missing, unwanted, unknown } = drift;
  if (settings.paused) say(io, `${network} is paused, and not compared until it is resumed.`);
  if (!complete) say(io, "RunCloud's list could not be read as a whole.");
  say(io, `${network} is compared next at ${toSecond(at)}.`);
  const found = missing.length + unwanted.length + unknown.length;
  io.stdout.write(found === 0 ? 'RunCloud and the ledger agree.\n' : `${driftTable(drift)}\n`);
}
