import { Command } from 'commander';
import type { Io } from '../io.ts';
import type { GlobalOptions } from '../options.ts';

export function doctorCommand(io: Io): Command {
  return new Command('doctor')
    .summary('checks everything between this machine and RunCloud')
    .description('Checks everything between this machine and RunCloud, and says for each fault what to do.')
    .action(async (_options, command: Command) => {
      const { doctor } = await import('../actions/doctor/doctor.ts');
      await doctor(command.optsWithGlobals<GlobalOptions>(), io);
    });
}
