import { CommanderError } from 'commander';
import { BadUsage, CommandFailed, Interrupted } from './errors.ts';
import { type Io, say } from './io.ts';
import { createProgram } from './program.ts';
import { refuseSecrets } from './refuse-secrets.ts';

/** Commander's own sentence, without what follows `=`: it may be anything. */
function usageError({ message }: CommanderError): BadUsage {
  const [sentence = '', hint = ''] = message
    .replace(/^error: /, '')
    .replace(/=[^']*/, '')
    .split('\n');
  const text = `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`;
  const whole = `${text}${hint === '' ? '' : ` ${hint}`}`.replace(/\.$/, '');
  return new BadUsage(`${whole}. See relay --help.`);
}

/** An error of commander is help that was asked for (undefined), or a wrong command line. */
function translated(error: unknown): unknown {
  if (!(error instanceof CommanderError)) return error;
  if (error.exitCode === 0) return undefined;
  return error.code === 'commander.help' ? new BadUsage('Name a command.') : usageError(error);
}

function tell(error: CommandFailed, io: Io, debug: boolean): number {
  say(io, debug ? String(error.stack) : error.message);
  if (debug && error.cause instanceof Error) say(io, String(error.cause.stack));
  return error.exitCode;
}

/** Runs a command line; returns the exit code. What went wrong is one line on standard error. */
export async function runCli(args: readonly string[], io: Io): Promise<number> {
  const debug = args.includes('--debug');
  try {
    refuseSecrets(args, io.env);
    await createProgram(io).parseAsync(args, { from: 'user' });
    return 0;
  } catch (thrown) {
    const error = translated(thrown);
    if (error === undefined) return 0;
    if (io.signal.aborted && !(error instanceof CommandFailed)) return tell(new Interrupted(), io, debug);
    if (error instanceof CommandFailed) return tell(error, io, debug);
    const cause = error instanceof Error ? error : new Error(String(error));
    const bug =
      'relay failed in a way it does not understand: run it again with --debug and report what it shows.';
    return tell(new CommandFailed(bug, { cause }), io, debug);
  }
}
