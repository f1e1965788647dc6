import { Command, InvalidArgumentError } from 'commander';
import type { Io } from '../io.ts';
import type { LogsOptions } from '../options.ts';

const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const HOUR_MS = 3_600_000;

function durationMs(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,4})([mhd])$/.exec(text) ?? [];
  const ms = unitMs[unit];
  if (ms === undefined) throw new InvalidArgumentError('It must be minutes, hours or days: 30m, 1h, 7d.');
  return Number(count) * ms;
}

export function logsCommand(io: Io): Command {
  return new Command('logs')
    .summary('what the functions wrote about a domain, or all warnings and errors')
    .description('Shows what the functions wrote about a domain; without one, all warnings and errors.')
    .argument('[domain]', 'host name')
    .option('--since <duration>', 'how far back: 30m, 1h, 7d', durationMs, HOUR_MS)
    .action(async (domain: string | undefined, _options, command: Command) => {
      const { showLogs } = await import('../actions/logs/show-logs.ts');
      await showLogs(domain, command.optsWithGlobals<LogsOptions>(), io);
    });
}
