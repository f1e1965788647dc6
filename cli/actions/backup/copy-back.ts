import { BadUsage, CommandFailed, Interrupted } from '../../errors.ts';
import { type Io, say } from '../../io.ts';
import type { CopyBackOptions } from '../../options.ts';
import { confirmed } from '../../output/confirm.ts';
import { printJson } from '../../output/json.ts';
import { progress } from '../../output/progress.ts';
import { findTarget } from '../../target/find-target.ts';
import type { Aws } from '../../target/services/aws.ts';
import { resumeInLedger } from '../../target/table-identity.ts';
import type { Target } from '../../target/target.ts';
import { checkedNetwork } from '../network/checked-network.ts';
import { checkedList, sync } from '../sync/sync.ts';
import { pauseNetworks } from './pause-networks.ts';
import { protectLedger, sayProtections } from './protect-ledger.ts';
import { type RestoredTable, restoredTable } from './restored-table.ts';

type Items = Awaited<ReturnType<RestoredTable['items']>>;

async function networksOf({ network }: CopyBackOptions, target: Target): Promise<readonly string[]> {
  if (network !== undefined) return [checkedNetwork(network)];
  return (await target.networks()) ?? [];
}

function stopIfAsked({ signal }: Pick<Io, 'signal'>): void {
  if (!signal.aborted) return;
  throw new Interrupted('Stopped. The networks stay paused: run the same command again.');
}

/** A pass that began before the pause may still be under way, for as long as its function may run. */
async function waitForWorkers(pausedAt: number, { wait }: CopyBackOptions, io: Io): Promise<void> {
  const waitMs = pausedAt + wait * 60_000 - io.now();
  if (waitMs <= 0) return;
  say(io, `Paused. Passes under way end within ${wait} minutes; then the copy begins.`);
  await io.sleep(waitMs);
  stopIfAsked(io);
}

/** How many items were copied. */
async function copyAll(items: Items, table: RestoredTable, io: Io): Promise<number> {
  const bar = progress(items.length, io);
  let copied = 0;
  try {
    for (const item of items) {
      stopIfAsked(io);
      if (await table.copy(item)) copied += 1;
      bar.advance();
    }
    return copied;
  } finally {
    bar.end();
  }
}

/** Both ways: what the list names is announced, and what it does not name is removed. Then the network goes on. */
async function bringInList(
  list: string,
  network: string,
  { json: _, ...options }: CopyBackOptions,
  target: Target,
  io: Io,
): Promise<void> {
  await sync(list, { ...options, network, removeMissing: true }, io);
  await resumeInLedger(network, (await target.networks()) ?? [], await target.aws(), io.now());
  say(io, `${network}: resumed`);
}

function sayNextSteps(networks: readonly string[], io: Io): void {
  say(io, `${networks.join(', ')}: paused (ledger-restored), because the multisite may have changed since.`);
  for (const network of networks) {
    say(io, `  relay sync ${network}.csv --remove-missing --network ${network}`);
    say(io, `  relay network resume ${network}`);
  }
}

/** How many items were copied, and of which networks: one that the table does not know goes on undisturbed. */
async function copyInto(
  target: Target,
  { asked, table, aws }: { asked: readonly string[]; table: RestoredTable; aws: Aws },
  options: CopyBackOptions,
  io: Io,
): Promise<{ readonly copied: number; readonly networks: readonly string[] }> {
  const { from } = options;
  const found = await Promise.all(
    asked.map(async (network) => ({ network, items: await table.items(network) })),
  );
  const known = found.filter(({ items }) => items.length > 0);
  if (known.length === 0) {
    throw new CommandFailed(
      `Nothing was copied: ${from} holds nothing of ${asked.join(', ') || 'any network'}.`,
    );
  }
  for (const { network, items } of found) say(io, `${network}: ${items.length} items in ${from}`);
  const items = known.flatMap((one) => one.items);
  const networks = known.map(({ network }) => network);
  say(io, 'They replace what the ledger knows now. What the ledger alone knows stays.');
  await confirmed(
    `Copy ${items.length} items into the ledger of ${target.label}?`,
    'Nothing was copied',
    options,
    io,
  );
  await waitForWorkers(await pauseNetworks(networks, { from, aws, now: io.now() }), options, io);
  return { copied: await copyAll(items, table, io), networks };
}

/**
 * Copies what a restored table knows of the networks into the ledger, in place of what the ledger knows. The networks are paused
 * first, so nothing is written to RunCloud. They stay paused until the multisite's list has been brought in, by `list` or later.
 */
export async function copyBack(options: CopyBackOptions, io: Io): Promise<void> {
  const { from, list, json } = options;
  const target = await findTarget(options, io);
  const aws = await target.aws();
  if (from === aws.output('LedgerTableName')) {
    throw new BadUsage(`${from} is the ledger itself: name the restored table with --from.`);
  }
  const asked = await networksOf(options, target);
  const [network = '', ...others] = asked;
  if (list === '-') throw new BadUsage('--list takes a file: save the list, then name it.');
  if (list !== undefined && others.length > 0) {
    throw new BadUsage('--list is the list of one network: name that network with --network.');
  }
  if (list !== undefined) await checkedList(list, io);
  const table = restoredTable(from, aws);
  try {
    const { copied, networks } = await copyInto(target, { asked, table, aws }, options, io);
    say(io, `${copied} items copied.`);
    sayProtections(await protectLedger(aws), io);
    if (list === undefined) sayNextSteps(networks, io);
    else await bringInList(list, network, options, target, io);
    const resumed = list === undefined ? [] : networks;
    if (json) printJson(io, { from, networks, copied, resumed });
  } finally {
    table.close();
  }
}
