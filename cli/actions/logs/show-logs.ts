import { checkedDomain } from '../../domain-name.ts';
import { type Io, say } from '../../io.ts';
import type { LogsOptions } from '../../options.ts';
import { type Colour, type Paint, painter } from '../../output/colours.ts';
import { printJson } from '../../output/json.ts';
import { toSecond } from '../../output/times.ts';
import { findTarget } from '../../target/find-target.ts';
import { type LogLine, readLines } from './read-lines.ts';

const colours: Readonly<Record<string, Colour>> = { WARN: 'yellow', ERROR: 'red' };

/** Shown by the line itself, or of no use to a reader. */
const leftOut = new Set([
  'timestamp',
  'level',
  'message',
  'service',
  'function_name',
  'cold_start',
  'function_request_id',
  'xray_trace_id',
]);

function shownLine(line: LogLine, paint: Paint): string {
  const { timestamp, level, message, function_name: name = '' } = line;
  const colour = colours[level];
  const fields = Object.entries(line)
    .filter(([key, value]) => !leftOut.has(key) && value !== null)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const shownLevel = colour === undefined ? level.padEnd(5) : paint(colour, level.padEnd(5));
  const facts = paint('dim', fields.join(' '));
  return `${toSecond(timestamp)} ${shownLevel} ${name.replace(/^runcloud-relay-[^-]+-/, '')}: ${message} ${facts}`;
}

/** Prints the story of a domain, or what went wrong anywhere. */
export async function showLogs(rawDomain: string | undefined, options: LogsOptions, io: Io): Promise<void> {
  const domain = rawDomain === undefined ? undefined : checkedDomain(rawDomain, 'The domain');
  const target = await findTarget(options, io);
  const all = await readLines(domain, io.now() - options.since, await target.aws(), io.signal);
  const { network } = options;
  const lines = network === undefined ? all : all.filter((line) => line.network === network);
  if (options.json) {
    printJson(io, { lines });
    return;
  }
  if (lines.length === 0) say(io, 'Nothing was written in this time: ask for more with --since.');
  const paint = painter(io.stdout, io.env);
  for (const line of lines) io.stdout.write(`${shownLine(line, paint)}\n`);
}
