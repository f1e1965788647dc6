import type { Io } from '../io.ts';
import { ask } from './ask.ts';

/** A secret as it is typed or pasted. It is not shown, not even its length. `undone` is what Ctrl-C leaves undone. */
export async function askSecret(name: string, undone: string, io: Io): Promise<string> {
  const { default: password } = await import('@inquirer/password');
  const validate = (value: string) => value.trim() !== '' || 'It must not be empty';
  const answer = await ask((place) => password({ message: `${name}:`, validate }, place), undone, io);
  return answer.trim();
}
