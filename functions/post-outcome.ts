import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { WorkMessage } from '../lib/sync/ledger/ports.ts';
import { unlessUnreadable } from '../lib/sync/ledger/unreadable.ts';
import { deliverOutcome } from '../lib/sync/outcomes/deliver.ts';
import { logDeferred, logFailedMessage } from './queue/log-deferred.ts';
import { logDelivery } from './queue/log-delivery.ts';
import { deadlineOf, eachMessage, leaseMsUntil, type WorkerContext } from './queue/sqs.ts';
import { logOfCall } from './services/call-context.ts';
import { type PostServices, postServices } from './services/post-outcome.ts';
import { reportingLedger } from './services/reporting-ledger.ts';

/** Posts outcomes to the multisite, one after the other. */
export function receive(
  event: SQSEvent,
  context: WorkerContext,
  services: PostServices,
): Promise<SQSBatchResponse> {
  const { clock, metrics } = services;
  const log = logOfCall(services.log, context);
  const now = clock.now();
  const deadlineAt = deadlineOf(context, now);
  const worker = {
    ...services,
    ledger: reportingLedger(services.ledger, log, metrics),
    leaseMs: leaseMsUntil(deadlineAt, now),
    report: logDelivery(log, metrics),
    reportDeferred: logDeferred(log, metrics),
  };
  const work = async ({ network, outcome, deadLetter }: WorkMessage): Promise<void> => {
    // A message that names no outcome holds no work for this function.
    if (outcome === undefined) return;
    await unlessUnreadable(() => deliverOutcome({ network, outcome, deadLetter }, deadlineAt, worker));
  };
  return eachMessage(event, work, logFailedMessage(log, metrics));
}

export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  return receive(event, context, await postServices());
}
