import { Command } from 'commander';
import type { Io } from '../io.ts';
import type { GlobalOptions } from '../options.ts';

export function driftCommand(io: Io): Command {
  return new Command('drift')
    .description('Shows what the next comparison with RunCloud would do, and changes nothing.')
    .action(async (_options, command: Command) => {
      const { showDrift } = await import('../actions/drift/show-drift.ts');
      await showDrift(command.optsWithGlobals<GlobalOptions>(), io);
    });
}
