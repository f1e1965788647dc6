import type { EventType } from '../../../lib/webhook/event.ts';
import type { EventData } from '../../client/send.ts';
import { checkedDomain } from '../../domain-name.ts';
import { CommandFailed, Interrupted } from '../../errors.ts';
import type { Io } from '../../io.ts';
import type { AnnounceOptions } from '../../options.ts';
import { asSentence } from '../../output/as-sentence.ts';
import { painter } from '../../output/colours.ts';
import { domainTable } from '../../output/domain-table.ts';
import { printJson } from '../../output/json.ts';
import { whenSeen } from '../../output/times.ts';
import { findRelay, type Relay } from '../../target/relay.ts';
import { type Announced, type Done, sendAll } from './send-all.ts';
import { waitUntilSettled } from './wait-until-settled.ts';

/** All names are checked before the first one is sent. One that is named twice is sent once. */
function checkedDomains(raw: readonly string[]): string[] {
  const named = raw.map((text, index) =>
    checkedDomain(text, `Domain ${index + 1} of ${raw.length}`, 'Nothing was sent'),
  );
  return [...new Set(named)];
}

function dataOf(type: EventType, domain: string, options: AnnounceOptions): EventData {
  const { siteId, domainId, www, native, reason } = options;
  if (type === 'domain.added') return { domain, siteId, domainId, www, native };
  return type === 'domain.ssl_retry' ? { domain, reason } : { domain };
}

function toJson({ domain, accepted, refused, waited }: Announced) {
  return {
    domain,
    status: accepted?.status ?? (refused === undefined ? 'not-sent' : 'refused'),
    latest: accepted?.latest ?? null,
    error: refused === undefined ? null : { code: refused.code, message: refused.message },
    ...(waited === undefined
      ? {}
      : { hosting: waited.status.hosting, certificate: waited.status.certificate }),
  };
}

/** Why the command does not end well; undefined if it does. */
function failureOf(all: readonly Announced[], { timeout }: AnnounceOptions): string | undefined {
  const failed = all.find(({ refused, waited }) => refused !== undefined || waited?.standing === 'failed');
  if (failed?.refused !== undefined)
    return `${failed.domain} was refused: ${asSentence(failed.refused.message)}`;
  if (failed !== undefined) return `${failed.domain} has failed: relay status ${failed.domain} says why.`;
  const superseded = all.find(({ accepted }) => accepted?.status === 'superseded');
  if (superseded?.accepted !== undefined) {
    const { domain, accepted } = superseded;
    return `${domain} stayed as before, because the relay knows a newer update, of ${accepted.latest}: set the clock of this machine if that is slow.`;
  }
  const waiting = all.find(({ waited }) => waited?.standing === 'waiting-dns');
  const fix = waiting?.waited?.status.certificate.fix;
  if (waiting !== undefined) return `${waiting.domain} waits for its DNS: ${asSentence(fix ?? 'correct it')}`;
  const open = all.find(({ waited }) => waited?.standing === 'open');
  if (open === undefined) return undefined;
  return `${open.domain} is not done after ${timeout} s: the relay goes on, see relay status ${open.domain}.`;
}

/** What the command can no longer read, it tells as it was sent. */
async function waitForAll(sent: readonly Announced[], relay: Relay, timeout: number, io: Io): Promise<Done> {
  const deadlineMs = io.now() + timeout * 1_000;
  const all = [...sent];
  for (const [index, announced] of sent.entries()) {
    if (announced.accepted === undefined || io.signal.aborted) continue;
    try {
      const waited = await waitUntilSettled(relay, announced.domain, deadlineMs, io);
      all[index] = { ...announced, waited };
    } catch (error) {
      if (error instanceof CommandFailed) return { all, obstacle: error };
      throw error;
    }
  }
  return { all, obstacle: undefined };
}

/** Why not everything was done that was asked for: Ctrl-C, or what lies between this machine and the relay. */
function endedEarly({ all, obstacle }: Done, io: Io): CommandFailed | undefined {
  const left = all.filter(({ accepted, refused }) => accepted === undefined && refused === undefined).length;
  const again = left === 0 ? '' : ` ${left} of ${all.length} were not sent: run the command again.`;
  if (io.signal.aborted)
    return new Interrupted(left === 0 ? 'Stopped waiting: the relay goes on.' : `Stopped.${again}`);
  return obstacle && new CommandFailed(`${obstacle.message}${again}`, { cause: obstacle });
}

/** Sends one update for each domain, and waits for their outcomes if asked to. */
export async function announce(
  type: EventType,
  raw: readonly string[],
  options: AnnounceOptions,
  io: Io,
): Promise<void> {
  const domains = checkedDomains(raw);
  const relay = await findRelay(
    options,
    ['RELAY_SECRET', ...(options.wait ? (['RELAY_READ_TOKEN'] as const) : [])],
    io,
  );
  const updates = domains.map((domain) => dataOf(type, domain, options));
  const sent = await sendAll(type, updates, relay, io);
  const waits = options.wait && sent.obstacle === undefined;
  const done = waits ? await waitForAll(sent.all, relay, options.timeout, io) : sent;
  const waited = done.all.flatMap((it) => it.waited?.status ?? []);
  if (options.json) printJson(io, { network: relay.network, domains: done.all.map(toJson) });
  else if (waited.length > 0)
    io.stdout.write(`${domainTable(waited, painter(io.stdout, io.env), whenSeen(io))}\n`);
  const ended = endedEarly(done, io);
  if (ended !== undefined) throw ended;
  const failure = failureOf(done.all, options);
  if (failure !== undefined) throw new CommandFailed(failure);
}
