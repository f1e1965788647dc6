import { Command } from 'commander';
import type { Io } from '../io.ts';
import type { GlobalOptions } from '../options.ts';

function ofOne(
  name: string,
  description: string,
  run: (network: string, options: GlobalOptions) => Promise<void>,
): Command {
  return new Command(name)
    .description(description)
    .argument('<name>', 'name of the network')
    .action((network: string, _options, command: Command) =>
      run(network, command.optsWithGlobals<GlobalOptions>()),
    );
}

export function networkCommand(io: Io): Command {
  const add = ofOne(
    'add',
    'Makes the secret of a network: asks for its values, tests the connection, and saves it.',
    async (network, options) => {
      const { addNetwork } = await import('../actions/network/add.ts');
      await addNetwork(network, options, io);
    },
  );
  const list = new Command('list')
    .description('Lists the networks, and which are paused and why.')
    .action(async (_options, command: Command) => {
      const { listNetworks } = await import('../actions/network/list.ts');
      await listNetworks(command.optsWithGlobals<GlobalOptions>(), io);
    });
  const pause = ofOne(
    'pause',
    'Pauses a network: its events are recorded, and nothing is written to RunCloud.',
    async (network, options) => {
      const { pauseNetwork } = await import('../actions/network/pause.ts');
      await pauseNetwork(network, options, io);
    },
  );
  const resume = ofOne(
    'resume',
    'Ends the pause of a network, also that of a restored ledger.',
    async (network, options) => {
      const { resumeNetwork } = await import('../actions/network/pause.ts');
      await resumeNetwork(network, options, io);
    },
  );
  const remove = ofOne(
    'remove',
    'Deletes the secret of a network, after a question. RunCloud goes on serving its domains.',
    async (network, options) => {
      const { removeNetwork } = await import('../actions/network/remove.ts');
      await removeNetwork(network, options, io);
    },
  );
  const commands = [add, list, pause, resume, remove];
  const group = new Command('network').description('Adds, lists, pauses and removes networks.');
  for (const command of commands) group.addCommand(command);
  return group;
}
