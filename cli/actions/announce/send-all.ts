import type { EventType } from '../../../lib/webhook/event.ts';
import { Refused } from '../../client/errors.ts';
import type { Accepted } from '../../client/schemas.ts';
import { type EventData, sendEvent } from '../../client/send.ts';
import { CommandFailed } from '../../errors.ts';
import { type Io, say } from '../../io.ts';
import type { Relay } from '../../target/relay.ts';
import type { Waited } from './wait-until-settled.ts';

/** What became of one domain: neither `accepted` nor `refused` if the command ended before it was sent. */
export interface Announced {
  readonly domain: string;
  readonly accepted?: Accepted;
  readonly refused?: Refused;
  readonly waited?: Waited;
}

/** `obstacle` is why the command could not go on; what it did before still counts. */
export interface Done {
  readonly all: readonly Announced[];
  readonly obstacle: CommandFailed | undefined;
}

function sentence({ domain, accepted, refused }: Announced): string {
  if (refused !== undefined) return `${domain}: refused (${refused.code}): ${refused.message}`;
  if (accepted?.status === 'superseded') {
    return `${domain}: superseded: the relay knows a newer update, of ${accepted.latest}`;
  }
  return `${domain}: ${accepted?.status}`;
}

async function sendOne(
  type: EventType,
  data: EventData,
  relay: Relay,
  io: Pick<Io, 'signal' | 'sleep' | 'now'>,
): Promise<Announced> {
  const { domain } = data;
  try {
    return { domain, accepted: await sendEvent(type, data, relay, io) };
  } catch (error) {
    if (error instanceof Refused) return { domain, refused: error };
    throw error;
  }
}

/** Sends one update after the other. Ctrl-C lets the one on its way arrive, so that what is told of it is true. */
export async function sendAll(
  type: EventType,
  updates: readonly EventData[],
  relay: Relay,
  io: Io,
): Promise<Done> {
  const arriving = { now: io.now, sleep: io.sleep, signal: new AbortController().signal };
  const all: Announced[] = updates.map(({ domain }) => ({ domain }));
  for (const [index, data] of updates.entries()) {
    if (io.signal.aborted) break;
    try {
      const announced = await sendOne(type, data, relay, arriving);
      say(io, sentence(announced));
      all[index] = announced;
    } catch (error) {
      if (error instanceof CommandFailed) return { all, obstacle: error };
      throw error;
    }
  }
  return { all, obstacle: undefined };
}
