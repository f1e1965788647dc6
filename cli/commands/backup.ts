import { Command } from 'commander';
import type { Io } from '../io.ts';
import type { CopyBackOptions } from '../options.ts';
import { minutes } from './minutes.ts';

export function backupCommand(io: Io): Command {
  const copyBack = new Command('copy-back')
    .summary('copies a restored table into the ledger')
    .description(
      'Copies what a restored table knows of all networks, or of --network, into the ledger, after a question. The networks are paused meanwhile.',
    )
    .requiredOption('--from <table>', 'name of the restored table')
    .option(
      '--wait <minutes>',
      'how long to wait for the workers to learn of the pause; networks that are paused already are not waited for',
      minutes,
      5,
    )
    .action(async (_options, command: Command) => {
      const { copyBack: run } = await import('../actions/backup/copy-back.ts');
      await run(command.optsWithGlobals<CopyBackOptions>(), io);
    });
  return new Command('backup').description('Brings a restored ledger back.').addCommand(copyBack);
}
