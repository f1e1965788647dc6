import { readFile } from 'node:fs/promises';
import { addAbortSignal } from 'node:stream';
import { text } from 'node:stream/consumers';
import { readPages } from '../../client/reads.ts';
import { BadUsage, CommandFailed } from '../../errors.ts';
import { type Io, say } from '../../io.ts';
import type { SyncOptions } from '../../options.ts';
import { confirmed } from '../../output/confirm.ts';
import { counted } from '../../output/counted.ts';
import { printJson } from '../../output/json.ts';
import { progress } from '../../output/progress.ts';
import { findRelay } from '../../target/relay.ts';
import { type Change, changesOf, sendChanges } from './changes.ts';
import { collectKnown, planSync } from './plan.ts';
import { type DomainList, readList } from './read-list.ts';
import { report } from './report.ts';
import { showPlan } from './show-plan.ts';

const UNDONE = 'Nothing was sent';
const SHOWN_FAULTS = 50;
const STANDARD_INPUT = '-';

/** Ctrl-C ends a list that is being typed, too. */
function textOf(file: string, io: Io): Promise<string> {
  if (file === STANDARD_INPUT) {
    if (io.stdin.isTTY) say(io, 'Type the list, one name per line, and end it with Ctrl-D:');
    return text(addAbortSignal(io.signal, io.stdin));
  }
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw new BadUsage(`The list ${file} cannot be read: check its name and its rights.`, { cause: error });
  });
}

/** The whole list is checked before the relay is asked anything. */
export async function checkedList(file: string, io: Io): Promise<DomainList> {
  const list = readList(await textOf(file, io));
  const { faults, domains } = list;
  for (const { line, message } of faults.slice(0, SHOWN_FAULTS)) say(io, `line ${line}: ${message}`);
  if (faults.length > SHOWN_FAULTS) say(io, `… and ${faults.length - SHOWN_FAULTS} more`);
  if (faults.length > 0)
    throw new BadUsage(
      `The list has ${counted(faults.length, 'fault')}: correct the lines above. ${UNDONE}.`,
    );
  // With --remove-missing an empty file would remove everything.
  if (domains.length === 0) throw new BadUsage(`The list names no domain. ${UNDONE}.`);
  return list;
}

async function ask(changes: readonly Change[], file: string, options: SyncOptions, io: Io): Promise<void> {
  if (file === STANDARD_INPUT && !options.yes)
    throw new CommandFailed(`${UNDONE}, because standard input holds the list: answer with --yes.`);
  const removals = changes.filter(({ change }) => change === 'remove').length;
  const additions = changes.length - removals;
  if (additions > 0) await confirmed(`Announce ${counted(additions, 'domain')}?`, UNDONE, options, io);
  if (removals > 0)
    await confirmed(`Remove ${counted(removals, 'domain')} from RunCloud?`, UNDONE, options, io);
}

/** Announces what a list names and the relay does not know; removes what it does not name, if asked to. */
export async function sync(file: string, options: SyncOptions, io: Io): Promise<void> {
  const removeMissing = options.removeMissing === true;
  const json = options.json === true;
  const list = await checkedList(file, io);
  const relay = await findRelay(options, ['RELAY_SECRET', 'RELAY_READ_TOKEN'], io);
  const { network } = relay;
  if (relay.credentials.relaySecrets.length === 0) {
    throw new CommandFailed(`No RELAY_SECRET for network ${network}: set it in its secret. ${UNDONE}.`);
  }
  const plan = planSync(list.domains, await collectKnown(readPages(relay, io)));
  showPlan(list, plan, removeMissing, network, io);
  const changes = changesOf(plan, removeMissing);
  if (changes.length === 0) {
    say(io, 'Nothing is to be done.');
    const { unchanged, missing, unreadable } = plan;
    if (json) printJson(io, { network, unchanged, missing, unreadable, domains: [] });
    return;
  }
  await ask(changes, file, options, io);
  const bar = progress(changes.length, io);
  const sent = await sendChanges(changes, relay, io, bar.advance).finally(bar.end);
  report({ network, plan, sent, json }, io);
}
