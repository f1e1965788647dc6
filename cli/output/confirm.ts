import { CommandFailed, Interrupted } from '../errors.ts';
import type { Io } from '../io.ts';
import type { GlobalOptions } from '../options.ts';

/** Whether there is a person to ask: questions are shown on standard error and answered on standard input. */
function canAsk({ stdin, stderr }: Io): boolean {
  return stdin.isTTY === true && stderr.isTTY === true;
}

/** Asks, and throws unless the answer is yes. `undone` says what has not happened then: "Nothing was sent". */
export async function confirmed(
  question: string,
  undone: string,
  { yes }: GlobalOptions,
  io: Io,
): Promise<void> {
  if (yes) return;
  if (!canAsk(io))
    throw new CommandFailed(`${undone}, because there is no terminal to ask on: answer with --yes.`);
  const { default: confirm } = await import('@inquirer/confirm');
  try {
    const answer = await confirm(
      { message: question, default: false },
      { input: io.stdin, output: io.stderr, signal: io.signal },
    );
    if (!answer) throw new CommandFailed(`${undone}.`);
  } catch (error) {
    if (error instanceof CommandFailed) throw error;
    // The question took Ctrl-C for itself.
    if (error instanceof Error && error.name === 'ExitPromptError') io.interrupt();
    if (io.signal.aborted) throw new Interrupted(`${undone}.`);
    throw error;
  }
}
