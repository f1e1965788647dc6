import { Argument, Command } from 'commander';
import type { Shell } from '../completion/script.ts';
import type { Io } from '../io.ts';

export function completionCommand(io: Io): Command {
  return new Command('completion')
    .description('Prints the script that completes commands and options in your shell.')
    .addArgument(new Argument('<shell>', 'your shell').choices(['bash', 'zsh', 'fish']))
    .action(async (shell: Shell, _options, command: Command) => {
      const { completionScript } = await import('../completion/script.ts');
      const root = command.parent;
      if (root !== null) io.stdout.write(completionScript(shell, root));
    });
}
