import { Refused } from '../../client/errors.ts';
import { sendEvent } from '../../client/send.ts';
import { CommandFailed } from '../../errors.ts';
import type { Io } from '../../io.ts';
import type { Relay } from '../../target/relay.ts';
import type { SyncPlan } from './plan.ts';
import type { ListedDomain } from './read-list.ts';

/** One update that a sync sends. */
export interface Change {
  readonly change: 'add' | 'remove';
  readonly domain: string;
  /** Of the list; null for what it does not name. */
  readonly line: number | null;
  readonly listed?: ListedDomain;
}

/** What became of a change. `not-sent`: the sync ended before it, and the next one sends it. */
export interface ChangeResult extends Omit<Change, 'listed'> {
  readonly status: string;
  readonly error: { readonly code: string; readonly message: string } | null;
}

export interface Sent {
  readonly outcomes: readonly ChangeResult[];
  /** Why not everything was sent; undefined after Ctrl-C, too. */
  readonly obstacle: CommandFailed | undefined;
}

export function changesOf({ add, missing }: SyncPlan, removeMissing: boolean): Change[] {
  return [
    ...add.map((listed): Change => ({ change: 'add', domain: listed.domain, line: listed.line, listed })),
    ...(removeMissing ? missing : []).map((domain): Change => ({ change: 'remove', domain, line: null })),
  ];
}

/** Half of what the gateway admits: the multisite's own events need room. */
const CALLS_PER_SECOND = 25;
const CALLS_AT_ONCE = 8;

function outcome(
  { change, domain, line }: Change,
  status: string,
  error: ChangeResult['error'] = null,
): ChangeResult {
  return { change, domain, line, status, error };
}

async function sendChange(
  one: Change,
  relay: Relay,
  io: Pick<Io, 'signal' | 'sleep' | 'now'>,
): Promise<ChangeResult> {
  const { line: _, ...listed } = one.listed ?? { domain: one.domain, line: 0 };
  const type = one.change === 'add' ? 'domain.added' : 'domain.removed';
  try {
    const { status } = await sendEvent(type, listed, relay, io);
    return outcome(one, status);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return outcome(one, 'failed', { code: error.code, message: error.message });
  }
}

/** Sends all changes, a few at a time. Ctrl-C lets those on their way arrive, so that the report is true. */
export async function sendChanges(
  changes: readonly Change[],
  relay: Relay,
  io: Io,
  onSent: () => void,
): Promise<Sent> {
  const arriving = { now: io.now, sleep: io.sleep, signal: new AbortController().signal };
  const outcomes = changes.map((change) => outcome(change, 'not-sent'));
  const beganMs = io.now();
  let next = 0;
  let obstacle: CommandFailed | undefined;
  const work = async () => {
    while (next < changes.length && obstacle === undefined && !io.signal.aborted) {
      const index = next;
      next += 1;
      await io.sleep(Math.max(0, beganMs + (index * 1_000) / CALLS_PER_SECOND - io.now()));
      const change = changes[index];
      if (change === undefined || io.signal.aborted) return;
      try {
        outcomes[index] = await sendChange(change, relay, arriving);
      } catch (error) {
        if (!(error instanceof CommandFailed)) throw error;
        obstacle ??= error;
        return;
      }
      onSent();
    }
  };
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, work));
  return { outcomes, obstacle };
}
