import { CommandFailed } from '../../errors.ts';
import { type Io, say } from '../../io.ts';
import type { Choice } from './choice.ts';
import type { QueuedDeadLetter } from './dead-letter.ts';
import type { DeadLetterQueue } from './queues.ts';
import { heldByOthers, readQueue } from './read-queue.ts';

function instant({ firstFailure, lastFailure }: QueuedDeadLetter): string {
  return firstFailure ?? lastFailure ?? '';
}

/** Every chosen dead letter, once for all its copies, the oldest failure first. All stay where they are. */
export async function readAll(
  queues: readonly DeadLetterQueue[],
  choice: Choice,
  io: Pick<Io, 'signal' | 'stderr'>,
): Promise<QueuedDeadLetter[]> {
  const chosen = new Map<string, QueuedDeadLetter>();
  for (const queue of queues) {
    const hidden = await heldByOthers(queue);
    if (hidden > 0) {
      say(
        io,
        `${hidden} ${queue.kind} dead letters are being read by another program: run this again in five minutes to see them.`,
      );
    }
    await readQueue(queue, io, async ({ deadLetter }) => {
      if (choice(deadLetter)) chosen.set(deadLetter.id, deadLetter);
      return false;
    });
  }
  return [...chosen.values()].toSorted((a, b) => instant(a).localeCompare(instant(b)));
}

/** The same, where there must be some. */
export async function readChosen(...args: Parameters<typeof readAll>): Promise<QueuedDeadLetter[]> {
  const chosen = await readAll(...args);
  if (chosen.length > 0) return chosen;
  throw new CommandFailed('No such dead letter: relay dead-letters list shows all.');
}
