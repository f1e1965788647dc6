import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { WorkMessage } from '../../lib/sync/ledger/ports.ts';
import { workMessageSchema } from '../../lib/work-message.ts';
import type { CallIds } from '../services/call-context.ts';

/** A message that cannot be parsed. No retry helps, so the queue moves it to the dead letters. */
class InvalidMessage extends Error {
  override readonly name = 'InvalidMessage';
}

function toWorkMessage(record: SQSRecord): WorkMessage {
  try {
    return workMessageSchema.parse(JSON.parse(record.body));
  } catch {
    // Shows neither the parser's message nor the body, which may hold anything.
    throw new InvalidMessage(`Message ${record.messageId} is not a message`);
  }
}

/** What a worker uses of its call's context. */
export type WorkerContext = CallIds & Pick<Context, 'getRemainingTimeInMillis'>;

/** When Lambda stops this call, in milliseconds since the epoch. */
export function deadlineOf(context: Pick<Context, 'getRemainingTimeInMillis'>, now: number): number {
  return now + context.getRemainingTimeInMillis();
}

/** A lease outlives the longest call by this margin; the clocks of workers agree within seconds. */
const LEASE_MARGIN_MS = 30_000;

export function leaseMsUntil(deadlineAt: number, now: number): number {
  return deadlineAt - now + LEASE_MARGIN_MS;
}

/**
 * Works on each record in turn, reports each failure to `failed`, and returns the records that the queue has to deliver
 * again.
 */
export async function eachMessage(
  event: SQSEvent,
  work: (message: WorkMessage) => Promise<void>,
  failed: (error: unknown, messageId: string) => void,
): Promise<SQSBatchResponse> {
  const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
  for (const record of event.Records) {
    try {
      await work(toWorkMessage(record));
    } catch (error) {
      failed(error, record.messageId);
      batchItemFailures.push({ itemIdentifier: record.messageId });
    }
  }
  return { batchItemFailures };
}
