import { type Io, say } from '../../io.ts';
import type { DeadLetterOptions } from '../../options.ts';
import { confirmed } from '../../output/confirm.ts';
import { namedChoiceOf } from './choice.ts';
import { withDeadLetterQueues } from './queues.ts';
import { readChosen } from './read-all.ts';
import { deadLetterTable } from './table.ts';
import { deleteDeadLetter, takeOut } from './take-out.ts';

/** Shows chosen dead letters, asks, and deletes exactly those. One that arrives meanwhile stays. */
export async function dropDeadLetters(options: DeadLetterOptions, io: Io): Promise<void> {
  const choice = namedChoiceOf(options);
  await withDeadLetterQueues(options, io, async (queues) => {
    const shown = await readChosen(queues, choice, io);
    say(io, deadLetterTable(shown));
    const count = shown.length === 1 ? 'this dead letter' : `these ${shown.length} dead letters`;
    await confirmed(`Drop ${count}? Their work stays failed.`, 'Nothing was dropped', options, io);
    await takeOut(queues, { deadLetters: shown, take: deleteDeadLetter, outcome: 'dropped' }, options, io);
  });
}
