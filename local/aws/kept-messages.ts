import { type MessageAttributeValue, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import type { Room } from '../state.ts';
import type { LocalQueue } from './queues.ts';

const sentSchema = z.object({
  Id: z.string().optional(),
  MessageBody: z.string(),
  MessageAttributes: z
    .record(
      z.string(),
      z.custom<MessageAttributeValue>((value) => typeof value === 'object' && value !== null),
    )
    .optional(),
  MessageGroupId: z.string().optional(),
  DelaySeconds: z.number().default(0),
});
const callSchema = z.object({ QueueUrl: z.string() });
const sendBatchSchema = z.object({ Entries: z.array(sentSchema) });
const sentAnswerSchema = z.object({ MessageId: z.string() });
const sentBatchAnswerSchema = z.object({
  Successful: z.array(z.object({ Id: z.string(), MessageId: z.string() })),
});
const receivedSchema = z.object({
  Messages: z.array(z.object({ MessageId: z.string(), ReceiptHandle: z.string() })).default([]),
});
const deletedSchema = z.object({ ReceiptHandle: z.string() });
const deleteBatchSchema = z.object({ Entries: z.array(deletedSchema.extend({ Id: z.string() })) });
const deletedBatchSchema = z.object({ Successful: z.array(z.object({ Id: z.string() })) });

const messageSchema = z.object({
  /** The name of its queue. */
  queue: z.string(),
  sent: sentSchema,
  /** Not given out before. */
  from: z.number(),
  receives: z.number(),
});
type KeptMessage = z.infer<typeof messageSchema>;

function nameIn(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}

export interface MessageKeeper {
  /** Writes down what a call has changed, before it is answered. */
  note(action: string, body: unknown, answer: unknown): void;
}

/** Follows the calls of a queue server, and keeps every message that was sent and not yet deleted. */
export function messageKeeper(room: Room, now: () => number = Date.now): MessageKeeper {
  const messages = new Map<string, KeptMessage>();
  const idOf = new Map<string, string>();
  const handleOf = new Map<string, string>();

  function set(id: string, message: KeptMessage): void {
    messages.set(id, message);
    room.set(id, message);
  }
  function add(id: string, queue: string, sent: KeptMessage['sent']): void {
    set(id, { queue, sent, from: now() + sent.DelaySeconds * 1_000, receives: 0 });
  }
  function remove(handle: string): void {
    const id = idOf.get(handle);
    if (id === undefined) return;
    idOf.delete(handle);
    handleOf.delete(id);
    messages.delete(id);
    room.delete(id);
  }
  const notes: Readonly<Record<string, (queue: string, body: unknown, answer: unknown) => void>> = {
    SendMessage: (queue, body, answer) => {
      add(sentAnswerSchema.parse(answer).MessageId, queue, sentSchema.parse(body));
    },
    SendMessageBatch: (queue, body, answer) => {
      const { Entries } = sendBatchSchema.parse(body);
      for (const { Id, MessageId } of sentBatchAnswerSchema.parse(answer).Successful) {
        const sent = Entries.find((entry) => entry.Id === Id);
        if (sent !== undefined) add(MessageId, queue, sent);
      }
    },
    ReceiveMessage: (queue, _body, answer) => {
      for (const { MessageId: id, ReceiptHandle } of receivedSchema.parse(answer).Messages) {
        idOf.delete(handleOf.get(id) ?? '');
        handleOf.set(id, ReceiptHandle);
        idOf.set(ReceiptHandle, id);
        const message = messages.get(id);
        // The queue server itself moves what was received too often to the dead letters.
        const before = message?.queue === queue ? message.receives : 0;
        if (message !== undefined) set(id, { ...message, queue, receives: before + 1 });
      }
    },
    DeleteMessage: (_queue, body) => remove(deletedSchema.parse(body).ReceiptHandle),
    DeleteMessageBatch: (_queue, body, answer) => {
      const deleted = new Set(deletedBatchSchema.parse(answer).Successful.map(({ Id }) => Id));
      for (const { Id, ReceiptHandle } of deleteBatchSchema.parse(body).Entries) {
        if (deleted.has(Id)) remove(ReceiptHandle);
      }
    },
    PurgeQueue: (queue) => {
      for (const [id, message] of messages) {
        if (message.queue !== queue) continue;
        messages.delete(id);
        room.delete(id);
      }
    },
  };
  return {
    note: (action, body, answer) => {
      const call = callSchema.safeParse(body);
      if (call.success) notes[action]?.(nameIn(call.data.QueueUrl), body, answer);
    },
  };
}

/** Where a message belongs now: one that was received as often as its queue allows is a dead letter. */
function queueOf({ queue, receives }: KeptMessage, queues: ReadonlyMap<string, LocalQueue>) {
  const { deadLetters } = queues.get(queue) ?? {};
  const isDead = deadLetters !== undefined && receives >= deadLetters.maxReceiveCount;
  return queues.get(isDead ? deadLetters.queue : queue);
}

/**
 * Sends again what the queues held. The receiver of a message ended with the last run, so the message is visible at once; it
 * gets a new id, and its receives are counted anew. A message may come twice, as from SQS.
 */
export async function restoreMessages(
  sqs: SQSClient,
  queues: ReadonlyMap<string, LocalQueue>,
  room: Room,
  now: number,
): Promise<void> {
  for (const [id, message] of room.entries(messageSchema)) {
    const queue = queueOf(message, queues);
    const { MessageBody, MessageAttributes, MessageGroupId } = message.sent;
    const DelaySeconds = Math.max(0, Math.ceil((message.from - now) / 1_000));
    if (queue !== undefined) {
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: queue.ref,
          MessageBody,
          MessageAttributes,
          MessageGroupId,
          DelaySeconds,
        }),
      );
    }
    room.delete(id);
  }
}
