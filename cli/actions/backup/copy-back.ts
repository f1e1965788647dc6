import { BadUsage, CommandFailed, Interrupted } from '../../errors.ts';
import { type Io, say } from '../../io.ts';
import type { CopyBackOptions } from '../../options.ts';
import { confirmed } from '../../output/confirm.ts';
import { printJson } from '../../output/json.ts';
import { progress } from '../../output/progress.ts';
import type { Aws } from '../../target/aws.ts';
import { findTarget } from '../../target/find-target.ts';
import { setPaused } from '../../target/set-paused.ts';
import type { Target } from '../../target/target.ts';
import { checkedNetwork } from '../network/checked-network.ts';
import { type RestoredTable, restoredTable } from './restored-table.ts';

type Items = Awaited<ReturnType<RestoredTable['items']>>;

async function networksOf({ network }: CopyBackOptions, target: Target): Promise<readonly string[]> {
  if (network !== undefined) return [checkedNetwork(network)];
  return (await target.networks()) ?? [];
}

/** Pauses the networks that are not paused yet, and returns these: the others stay paused afterwards. */
async function pauseAll(networks: readonly string[], aws: Aws): Promise<readonly string[]> {
  const paused: string[] = [];
  for (const network of networks) {
    if (await setPaused(network, true, aws)) paused.push(network);
  }
  return paused;
}

async function resumeAll(networks: readonly string[], aws: Aws): Promise<void> {
  for (const network of networks) await setPaused(network, false, aws);
}

function stopIfAsked({ signal }: Pick<Io, 'signal'>): void {
  if (!signal.aborted) return;
  throw new Interrupted(
    'Stopped. The networks stay paused: run the same command again, then relay network resume for each.',
  );
}

async function copyAll(items: Items, table: RestoredTable, io: Io): Promise<void> {
  const bar = progress(items.length, io);
  try {
    for (const item of items) {
      stopIfAsked(io);
      await table.copy(item);
      bar.advance();
    }
  } finally {
    bar.end();
  }
}

/**
 * Copies what a restored table knows of the networks into the ledger, in place of what the ledger knows. Meanwhile the networks
 * are paused, so nothing is written to RunCloud. If the copy breaks off they stay paused.
 */
export async function copyBack(options: CopyBackOptions, io: Io): Promise<void> {
  const { from, wait: waitMinutes } = options;
  const target = await findTarget(options, io);
  const aws = await target.aws();
  if (from === aws.output('LedgerTableName')) {
    throw new BadUsage(`${from} is the ledger itself: name the restored table with --from.`);
  }
  const networks = await networksOf(options, target);
  const table = restoredTable(from, aws);
  try {
    const found = await Promise.all(networks.map((network) => table.items(network)));
    const items = found.flat();
    if (items.length === 0) {
      throw new CommandFailed(
        `Nothing was copied: ${from} holds nothing of ${networks.join(', ') || 'any network'}.`,
      );
    }
    for (const [n, network] of networks.entries()) {
      say(io, `${network}: ${found[n]?.length ?? 0} items in ${from}`);
    }
    say(io, 'They replace what the ledger knows now. What the ledger alone knows stays.');
    await confirmed(
      `Copy ${items.length} items into the ledger of ${target.label}?`,
      'Nothing was copied',
      options,
      io,
    );

    const paused = await pauseAll(networks, aws);
    if (paused.length > 0 && waitMinutes > 0) {
      say(
        io,
        `${paused.join(', ')}: paused. Workers learn of it within ${waitMinutes} minutes; then the copy begins.`,
      );
      await io.sleep(waitMinutes * 60_000);
      stopIfAsked(io);
    }
    await copyAll(items, table, io);
    await resumeAll(paused, aws);
    if (options.json) printJson(io, { from, networks, copied: items.length, resumed: paused });
    say(io, `${items.length} items copied.`);
    const kept = networks.filter((network) => !paused.includes(network));
    if (kept.length > 0) say(io, `${kept.join(', ')}: paused before, and still paused`);
    say(
      io,
      'The multisite may have changed since the backup: bring its list in with relay sync --remove-missing.',
    );
  } finally {
    table.close();
  }
}
