import { CommandFailed } from '../errors.ts';
import type { Io } from '../io.ts';
import type { GlobalOptions } from '../options.ts';
import { ask, canAsk } from './ask.ts';

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
  const answer = await ask((place) => confirm({ message: question, default: false }, place), undone, io);
  if (!answer) throw new CommandFailed(`${undone}.`);
}
