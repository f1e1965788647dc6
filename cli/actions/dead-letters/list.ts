import { type Io, say } from '../../io.ts';
import type { DeadLetterOptions } from '../../options.ts';
import { counted } from '../../output/counted.ts';
import { printJson } from '../../output/json.ts';
import { choiceOf } from './choice.ts';
import { withDeadLetterQueues } from './queues.ts';
import { readAll } from './read-all.ts';
import { deadLetterTable } from './table.ts';

/** Prints a line for each dead letter. */
export async function listDeadLetters(options: DeadLetterOptions, io: Io): Promise<void> {
  const choice = choiceOf(options);
  const deadLetters = await withDeadLetterQueues(options, io, (queues) => readAll(queues, choice, io));
  if (options.json) {
    printJson(io, { deadLetters });
    return;
  }
  if (deadLetters.length > 0) io.stdout.write(`${deadLetterTable(deadLetters)}\n`);
  say(io, counted(deadLetters.length, 'dead letter'));
}
