import { Command } from 'commander';
import type { Io } from '../io.ts';
import type { GlobalOptions } from '../options.ts';

export function historyCommand(io: Io): Command {
  return new Command('history')
    .description('Shows what happened to a domain, up to its last 20 entries.')
    .argument('<domain>', 'host name')
    .action(async (domain: string, _options, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const { showHistory } = await import('../actions/show-history.ts');
      await showHistory(domain, options, io);
    });
}
