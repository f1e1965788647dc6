import { Refused } from '../../client/errors.ts';
import type { Accepted } from '../../client/schemas.ts';
import { type EventData, type EventType, sendEvent } from '../../client/send.ts';
import { checkedDomain } from '../../domain-name.ts';
import { CommandFailed, Interrupted } from '../../errors.ts';
import { type Io, say } from '../../io.ts';
import type { AnnounceOptions } from '../../options.ts';
import { painter } from '../../output/colours.ts';
import { domainTable } from '../../output/domain-table.ts';
import { printJson } from '../../output/json.ts';
import { whenSeen } from '../../output/times.ts';
import { findRelay, type Relay } from '../../target/relay.ts';
import { type Waited, waitUntilSettled } from './wait-until-settled.ts';

/** What became of one domain; without `waited` where nothing was waited for. */
interface Announced {
  readonly domain: string;
  readonly accepted?: Accepted;
  readonly refused?: Refused;
  readonly waited?: Waited;
}

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

async function sendOne(type: EventType, data: EventData, relay: Relay, io: Io): Promise<Announced> {
  const { domain } = data;
  try {
    return { domain, accepted: await sendEvent(type, data, relay, io) };
  } catch (error) {
    if (error instanceof Refused) return { domain, refused: error };
    throw error;
  }
}

function toJson({ domain, accepted, refused, waited }: Announced) {
  return {
    domain,
    status: accepted?.status ?? 'refused',
    latest: accepted?.latest ?? null,
    error: refused === undefined ? null : { code: refused.code, message: refused.message },
    ...(waited === undefined
      ? {}
      : { hosting: waited.status.hosting, certificate: waited.status.certificate }),
  };
}

function sentence({ domain, accepted, refused }: Announced): string {
  if (refused !== undefined) return `${domain}: refused (${refused.code}): ${refused.message}`;
  if (accepted?.status === 'superseded') {
    return `${domain}: superseded: the relay knows a newer update, of ${accepted.latest}`;
  }
  return `${domain}: ${accepted?.status}`;
}

/** Why the command does not end well; undefined if it does. */
function failureOf(all: readonly Announced[], { timeout }: AnnounceOptions): string | undefined {
  const failed = all.find(({ refused, waited }) => refused !== undefined || waited?.standing === 'failed');
  if (failed?.refused !== undefined) return `${failed.domain} was refused: ${failed.refused.message}.`;
  if (failed !== undefined) return `${failed.domain} has failed: relay status ${failed.domain} says why.`;
  const waiting = all.find(({ waited }) => waited?.standing === 'waiting-dns');
  const fix = waiting?.waited?.status.certificate.fix;
  if (waiting !== undefined) return `${waiting.domain} waits for its DNS: ${fix ?? 'correct it'}.`;
  const open = all.find(({ waited }) => waited?.standing === 'open');
  if (open === undefined) return undefined;
  return `${open.domain} is not done after ${timeout} s: the relay goes on, see relay status ${open.domain}.`;
}

async function waitForAll(
  sent: readonly Announced[],
  relay: Relay,
  timeout: number,
  io: Io,
): Promise<Announced[]> {
  const deadlineMs = io.now() + timeout * 1_000;
  const all: Announced[] = [];
  for (const announced of sent) {
    const waits = announced.accepted !== undefined && !io.signal.aborted;
    all.push(
      waits
        ? { ...announced, waited: await waitUntilSettled(relay, announced.domain, deadlineMs, io) }
        : announced,
    );
  }
  return all;
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
  const sent: Announced[] = [];
  for (const domain of domains) {
    const announced = await sendOne(type, dataOf(type, domain, options), relay, io);
    say(io, sentence(announced));
    sent.push(announced);
  }
  const all = options.wait ? await waitForAll(sent, relay, options.timeout, io) : sent;
  const waited = all.flatMap((it) => it.waited?.status ?? []);
  if (options.json) printJson(io, { network: relay.network, domains: all.map(toJson) });
  else if (waited.length > 0)
    io.stdout.write(`${domainTable(waited, painter(io.stdout, io.env), whenSeen(io))}\n`);
  if (io.signal.aborted) throw new Interrupted('Stopped waiting: the relay goes on.');
  const failure = failureOf(all, options);
  if (failure !== undefined) throw new CommandFailed(failure);
}
