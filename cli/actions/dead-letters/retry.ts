import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Io } from '../../io.ts';
import type { DeadLetterOptions } from '../../options.ts';
import { namedChoiceOf } from './choice.ts';
import { type DeadLetterQueue, withDeadLetterQueues } from './queues.ts';
import { readChosen } from './read-all.ts';
import type { HeldDeadLetter } from './read-queue.ts';
import { deleteDeadLetter, takeOut } from './take-out.ts';

/** Sent before it is deleted: a command that is killed between leaves a copy, and the second try of a copy changes nothing. */
async function retryOne(held: HeldDeadLetter, queue: DeadLetterQueue): Promise<void> {
  const { message, deadLetter } = held;
  const group = message.Attributes?.MessageGroupId ?? deadLetter.network;
  await queue.sqs.send(
    new SendMessageCommand({
      QueueUrl: queue.workUrl,
      MessageBody: message.Body,
      MessageAttributes: message.MessageAttributes,
      ...(group === null ? {} : { MessageGroupId: group }),
    }),
  );
  await deleteDeadLetter(held, queue);
}

/** Moves chosen dead letters back to the queue of their work, and touches no other. */
export async function retryDeadLetters(options: DeadLetterOptions, io: Io): Promise<void> {
  const choice = namedChoiceOf(options);
  await withDeadLetterQueues(options, io, async (queues) => {
    const deadLetters = await readChosen(queues, choice, io);
    await takeOut(queues, { deadLetters, take: retryOne, outcome: 'retried' }, options, io);
  });
}
