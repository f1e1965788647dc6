import {
  ChangeMessageVisibilityBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { Interrupted } from '../../errors.ts';
import type { Io } from '../../io.ts';
import { type QueuedDeadLetter, toDeadLetter } from './dead-letter.ts';
import type { DeadLetterQueue } from './queues.ts';

/** SQS gives, and takes back, ten a call. */
const MESSAGES_PER_CALL = 10;
/** Time to read some ten thousand. A command that is killed gives its messages back no later. */
const HELD_SECONDS = 300;
/** A poll that waits asks all servers of a queue, one that does not may miss messages. */
const POLL_SECONDS = 1;

/** A dead letter that this command holds: no other reader sees it until it is given back. */
export interface HeldDeadLetter {
  readonly deadLetter: QueuedDeadLetter;
  readonly message: Message;
}

async function receive({ sqs, url }: DeadLetterQueue, signal: AbortSignal): Promise<readonly Message[]> {
  const command = new ReceiveMessageCommand({
    QueueUrl: url,
    MaxNumberOfMessages: MESSAGES_PER_CALL,
    MessageAttributeNames: ['All'],
    MessageSystemAttributeNames: ['All'],
    VisibilityTimeout: HELD_SECONDS,
    WaitTimeSeconds: POLL_SECONDS,
  });
  const { Messages = [] } = await sqs.send(command, { abortSignal: signal });
  return Messages;
}

async function giveBack({ sqs, url }: DeadLetterQueue, held: readonly Message[]): Promise<void> {
  for (let start = 0; start < held.length; start += MESSAGES_PER_CALL) {
    const Entries = held
      .slice(start, start + MESSAGES_PER_CALL)
      .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle, VisibilityTimeout: 0 }));
    await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: url, Entries }));
  }
}

/**
 * Meets every message of a queue of dead letters once, and gives back all but those that `meet` has taken out of it (true), also when
 * it fails or is interrupted.
 */
export async function readQueue(
  queue: DeadLetterQueue,
  io: Pick<Io, 'signal'>,
  meet: (held: HeldDeadLetter) => Promise<boolean>,
): Promise<void> {
  const met = new Set<string>();
  const held = new Map<string, Message>();
  try {
    for (;;) {
      const messages = await receive(queue, io.signal);
      if (messages.length === 0) return;
      for (const message of messages) held.set(message.MessageId ?? '', message);
      for (const message of messages) {
        const { MessageId: messageId = '' } = message;
        if (met.has(messageId)) continue;
        if (io.signal.aborted) throw new Interrupted();
        met.add(messageId);
        const deadLetter = toDeadLetter(queue.kind, message);
        if (await meet({ deadLetter, message })) held.delete(messageId);
      }
    }
  } finally {
    await giveBack(queue, [...held.values()]);
  }
}

/** How many another reader holds at this moment: this command cannot see them. */
export async function heldByOthers({ sqs, url }: DeadLetterQueue): Promise<number> {
  const name = 'ApproximateNumberOfMessagesNotVisible';
  const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [name] });
  const { Attributes = {} } = await sqs.send(command);
  return Number(Attributes[name] ?? 0);
}
