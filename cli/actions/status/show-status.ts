import { readStatus } from '../../client/reads.ts';
import { standingOf } from '../../client/standing.ts';
import { checkedDomain } from '../../domain-name.ts';
import { BadUsage, CommandFailed } from '../../errors.ts';
import type { Io } from '../../io.ts';
import type { StatusOptions } from '../../options.ts';
import { asSentence } from '../../output/as-sentence.ts';
import { painter } from '../../output/colours.ts';
import { printJson } from '../../output/json.ts';
import { screen } from '../../output/screen.ts';
import { whenSeen } from '../../output/times.ts';
import { findRelay, type Relay } from '../../target/relay.ts';
import { domainView } from './domain-view.ts';
import { overviewText, readOverview } from './network-overview.ts';

/** What is shown once, and how it ends. */
interface Picture {
  readonly text: string;
  readonly json: unknown;
  /** Nothing is left to wait for. */
  readonly settled: boolean;
  /** Why the command does not end well. */
  readonly failure: string | undefined;
}

/** The heads, the line above and those below the table. */
const ROWS_AROUND = 6;
/** Of a terminal that does not say how high it is. */
const USUAL_ROWS = 24;
const ALL_ROWS = Number.MAX_SAFE_INTEGER;

async function domainPicture(name: string, relay: Relay, options: StatusOptions, io: Io): Promise<Picture> {
  const { parsed, raw } = await readStatus(relay, name, io, { live: options.live === true });
  const standing = standingOf(parsed);
  const failed =
    standing === 'failed' ? `${parsed.domain} has failed: ${asSentence(failureOf(parsed))}` : undefined;
  return {
    text: domainView(parsed, painter(io.stdout, io.env), whenSeen(io)),
    json: raw,
    settled: standing === 'done' || standing === 'failed',
    failure: failed,
  };
}

function failureOf({
  lastError,
  hosting,
  certificate,
}: Awaited<ReturnType<typeof readStatus>>['parsed']): string {
  const reason = hosting.state === 'failed' ? hosting.reason : certificate.reason;
  return certificate.fix ?? lastError?.message ?? reason ?? 'see relay history';
}

async function networkPicture(relay: Relay, rows: number, io: Io): Promise<Picture> {
  const overview = await readOverview(relay, io);
  const { counts } = overview;
  const isBad = counts.failed + counts.unreadable > 0;
  return {
    text: overviewText(overview, { paint: painter(io.stdout, io.env), when: whenSeen(io), rows }),
    json: overview,
    settled: counts.open + counts['waiting-dns'] === 0,
    failure: isBad ? 'Some domains have failed: relay list --state failed shows them.' : undefined,
  };
}

const INTERVAL_MS = 1_000;
/** Reading takes its share of the gateway's limit: a long list is read less often. */
const READING_SHARE = 4;

async function watched(read: () => Promise<Picture>, io: Io): Promise<Picture> {
  const place = screen(io);
  for (;;) {
    const beganMs = io.now();
    const picture = await read();
    place.show(picture.text);
    if (picture.settled || io.signal.aborted) return picture;
    await io.sleep(Math.max(INTERVAL_MS, READING_SHARE * (io.now() - beganMs)));
  }
}

/** Shows one domain, or the whole network, once or until nothing is left to do. */
export async function showStatus(
  rawDomain: string | undefined,
  options: StatusOptions,
  io: Io,
): Promise<void> {
  if (options.watch && options.json)
    throw new BadUsage('--watch and --json exclude each other: use add --wait --json.');
  const domain = rawDomain === undefined ? undefined : checkedDomain(rawDomain, 'The domain');
  if (options.live && domain === undefined) throw new BadUsage('--live needs a domain.');
  const relay = await findRelay(options, ['RELAY_READ_TOKEN'], io);
  const rows = options.watch && io.stdout.isTTY ? (io.stdout.rows || USUAL_ROWS) - ROWS_AROUND : ALL_ROWS;
  const read = () =>
    domain === undefined ? networkPicture(relay, rows, io) : domainPicture(domain, relay, options, io);
  const picture = options.watch ? await watched(read, io) : await read();
  if (options.json) printJson(io, picture.json);
  else if (!options.watch) io.stdout.write(`${picture.text}\n`);
  if (picture.failure !== undefined) throw new CommandFailed(picture.failure);
}
