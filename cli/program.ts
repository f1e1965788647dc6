import { Command } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { addCommand, removeCommand, sslRetryCommand } from './commands/announce.ts';
import { backupCommand } from './commands/backup.ts';
import { completionCommand } from './commands/completion.ts';
import { deadLettersCommand } from './commands/dead-letters.ts';
import { doctorCommand } from './commands/doctor.ts';
import { driftCommand } from './commands/drift.ts';
import { globalOptions } from './commands/global-options.ts';
import { historyCommand } from './commands/history.ts';
import { listCommand } from './commands/list.ts';
import { logsCommand } from './commands/logs.ts';
import { networkCommand } from './commands/network.ts';
import { secretCommand } from './commands/secret.ts';
import { statusCommand } from './commands/status.ts';
import { syncCommand } from './commands/sync.ts';
import type { Io } from './io.ts';

const description = `Shows and changes what runcloud-relay does for the domains of a multisite.

Exit codes: 0 done; 1 it did not end well (a domain failed or is unknown, the relay cannot be reached); 2 bad usage.`;

/** Held to by every command, at every level. */
function configured(command: Command, io: Io): Command {
  command
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      // run-cli.ts prints errors.
      outputError: () => {},
    });
  for (const child of command.commands) configured(child, io);
  return command;
}

/** All that can be typed. What a command does is loaded once it runs. */
export function createProgram(io: Io): Command {
  const program = new Command('relay').description(description).version(manifest.version, '--version');
  for (const option of globalOptions()) program.addOption(option);
  const commands = [
    statusCommand(io),
    listCommand(io),
    historyCommand(io),
    addCommand(io),
    removeCommand(io),
    sslRetryCommand(io),
    syncCommand(io),
    deadLettersCommand(io),
    doctorCommand(io),
    driftCommand(io),
    logsCommand(io),
    networkCommand(io),
    secretCommand(io),
    backupCommand(io),
    completionCommand(io),
  ];
  for (const command of commands) program.addCommand(command);
  return configured(program, io);
}
