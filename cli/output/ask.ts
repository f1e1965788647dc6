import type { Readable, Writable } from 'node:stream';
import { CommandFailed, Interrupted } from '../errors.ts';
import type { Io } from '../io.ts';

/** Where a question is shown and answered: standard output holds the result alone. */
interface Place {
  readonly input: Readable & NodeJS.ReadableStream;
  readonly output: Writable & NodeJS.WritableStream;
  readonly signal: AbortSignal;
}

/** Whether there is a person to ask. */
export function canAsk({ stdin, stderr }: Pick<Io, 'stdin' | 'stderr'>): boolean {
  return stdin.isTTY === true && stderr.isTTY === true;
}

/** The answer to a question. Ctrl-C ends the command; `undone` says what has not happened then: "Nothing was sent". */
export async function ask<T>(question: (place: Place) => Promise<T>, undone: string, io: Io): Promise<T> {
  try {
    return await question({ input: io.stdin, output: io.stderr, signal: io.signal });
  } catch (error) {
    if (error instanceof CommandFailed) throw error;
    // The question took Ctrl-C for itself.
    if (error instanceof Error && error.name === 'ExitPromptError') io.interrupt();
    if (io.signal.aborted) throw new Interrupted(`${undone}.`);
    throw error;
  }
}
