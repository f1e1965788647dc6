import { Command } from 'commander';
import type { Io } from '../io.ts';
import type { SyncOptions } from '../options.ts';

export function syncCommand(io: Io): Command {
  return new Command('sync')
    .summary('announces the domains of a list that the relay does not know')
    .description(
      'Compares a list with what the relay knows, shows the difference, asks, and announces it. Stopped in the middle, the same command goes on.',
    )
    .argument(
      '<file>',
      'CSV with the header domain[,siteId,domainId,www,native], or one name per line; - reads standard input',
    )
    .option('--remove-missing', 'also remove what the list does not name, after a second question')
    .action(async (file: string, _options, command: Command) => {
      const options = command.optsWithGlobals<SyncOptions>();
      const { sync } = await import('../actions/sync/sync.ts');
      await sync(file, options, io);
    });
}
