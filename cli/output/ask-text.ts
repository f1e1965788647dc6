import type { Io } from '../io.ts';
import { ask } from './ask.ts';

/** A text that may be shown. `undone` is what Ctrl-C leaves undone. */
export async function askText(message: string, undone: string, io: Io): Promise<string> {
  const { default: input } = await import('@inquirer/input');
  return (await ask((place) => input({ message: `${message}:` }, place), undone, io)).trim();
}
