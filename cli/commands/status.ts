import { Command } from 'commander';
import type { Io } from '../io.ts';
import type { StatusOptions } from '../options.ts';

export function statusCommand(io: Io): Command {
  return new Command('status')
    .summary('where a domain stands, why, and what to do')
    .description(
      'Shows where a domain stands, why, and what to do. Without a domain: how many stand where, and those that are not done.',
    )
    .argument('[domain]', 'host name')
    .option('--watch', 'show it again until nothing is left to do; Ctrl-C ends it')
    .option('--live', 'also ask RunCloud, DNS and the certificate that visitors see')
    .action(async (domain: string | undefined, _options, command: Command) => {
      const options = command.optsWithGlobals<StatusOptions>();
      const { showStatus } = await import('../actions/status/show-status.ts');
      await showStatus(domain, options, io);
    });
}
