import { Command } from 'commander';
import type { Io } from '../io.ts';
import type { CopyBackOptions, GlobalOptions } from '../options.ts';
import { minutes } from './minutes.ts';

export function backupCommand(io: Io): Command {
  const copyBack = new Command('copy-back')
    .summary('copies a restored table into the ledger')
    .description(
      'Copies what a restored table knows of all networks, or of --network, into the ledger, after a question. The networks are paused first, and stay so until the list of the multisite was brought in.',
    )
    .requiredOption('--from <table>', 'name of the restored table')
    .option('--wait <minutes>', 'how long to wait after the pause for passes that are under way', minutes, 5)
    .option(
      '--list <file>',
      'list of the multisite, as for relay sync: it is brought in with its removals, and the network is resumed',
    )
    .action(async (_options, command: Command) => {
      const { copyBack: run } = await import('../actions/backup/copy-back.ts');
      await run(command.optsWithGlobals<CopyBackOptions>(), io);
    });
  const protect = new Command('protect')
    .summary('sets what a restore leaves out')
    .description(
      'Sets on the ledger what a restored table lacks: time to live, point-in-time recovery, and deletion protection where the stage has it.',
    )
    .action(async (_options, command: Command) => {
      const { protect: run } = await import('../actions/backup/protect-ledger.ts');
      await run(command.optsWithGlobals<GlobalOptions>(), io);
    });
  return new Command('backup')
    .description('Brings a restored ledger back.')
    .addCommand(copyBack)
    .addCommand(protect);
}
