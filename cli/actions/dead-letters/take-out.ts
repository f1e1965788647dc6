import { DeleteMessageCommand } from '@aws-sdk/client-sqs';
import { type Io, say } from '../../io.ts';
import type { DeadLetterOptions } from '../../options.ts';
import { printJson } from '../../output/json.ts';
import type { QueuedDeadLetter } from './dead-letter.ts';
import type { DeadLetterQueue } from './queues.ts';
import { type HeldDeadLetter, readQueue } from './read-queue.ts';

export async function deleteDeadLetter(
  { message }: HeldDeadLetter,
  { sqs, url }: DeadLetterQueue,
): Promise<void> {
  await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message.ReceiptHandle }));
}

interface TakingOut {
  /** Those that were read before. One that arrives meanwhile stays: the next try of a retried one, say. */
  readonly deadLetters: readonly QueuedDeadLetter[];
  readonly take: (held: HeldDeadLetter, queue: DeadLetterQueue) => Promise<void>;
  readonly outcome: 'retried' | 'dropped';
}

/** Takes dead letters out of their queues, one after the other, and prints what was done, also if it fails. */
export async function takeOut(
  queues: readonly DeadLetterQueue[],
  { deadLetters, take, outcome }: TakingOut,
  options: DeadLetterOptions,
  io: Io,
): Promise<void> {
  const ids = new Set(deadLetters.map(({ id }) => id));
  const taken = new Map<string, QueuedDeadLetter>();
  try {
    for (const queue of queues) {
      await readQueue(queue, io, async (held) => {
        const { id } = held.deadLetter;
        if (!ids.has(id)) return false;
        // Once is enough for all copies.
        if (taken.has(id)) await deleteDeadLetter(held, queue);
        else await take(held, queue);
        taken.set(id, held.deadLetter);
        return true;
      });
    }
  } finally {
    for (const { domain, network } of taken.values())
      say(io, `${domain ?? network ?? 'unknown'}: ${outcome}`);
    if (options.json) printJson(io, { deadLetters: [...taken.values()].map((it) => ({ ...it, outcome })) });
  }
}
