import { Command } from 'commander';
import type { Io } from '../io.ts';
import type { RotateOptions } from '../options.ts';

export function secretCommand(io: Io): Command {
  const rotate = new Command('rotate')
    .summary('rotates a value of the secret of a network')
    .description(
      'Rotates a value of the secret of a network. The first call adds a new value, and both count; the second call ends the old one.',
    )
    .argument('<network>', 'name of the network')
    .option('--relay', 'RELAY_SECRET, with which the multisite signs (default)')
    .option('--read', 'RELAY_READ_TOKEN')
    .option('--hook', 'RELAY_HOOK_TOKEN')
    .option('--runcloud', "RunCloud's token, which is asked for and tested")
    .action(async (network: string, _options, command: Command) => {
      const { rotateSecret } = await import('../actions/rotate-secret.ts');
      await rotateSecret(network, command.optsWithGlobals<RotateOptions>(), io);
    });
  return new Command('secret')
    .description('Rotates the values of the secret of a network.')
    .addCommand(rotate);
}
