import { Command, Option } from 'commander';
import type { Io } from '../io.ts';
import type { ListOptions } from '../options.ts';

export function listCommand(io: Io): Command {
  return new Command('list')
    .description('Lists the domains of a network, all pages of them.')
    .addOption(new Option('--state <state>', 'only those').choices(['open', 'failed', 'waiting-dns']))
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<ListOptions>();
      const { listDomains } = await import('../actions/list-domains.ts');
      await listDomains(options, io);
    });
}
