import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { WorkMessage } from '../lib/sync/ledger/ports.ts';
import { deliverOutcome } from '../lib/sync/outcomes/deliver.ts';
import { logDelivery } from './queue/log-delivery.ts';
import { eachMessage, type WorkerContext } from './queue/sqs.ts';
import { workerCall } from './queue/worker-call.ts';
import { type PostServices, postServices } from './services/post-outcome.ts';

/** Posts outcomes to the multisite, one after the other. */
export function receive(
  event: SQSEvent,
  context: WorkerContext,
  services: PostServices,
): Promise<SQSBatchResponse> {
  const { metrics } = services;
  const { log, deadlineAt, services: ofCall, reportFailed } = workerCall(context, services);
  const worker = {
    ...ofCall,
    report: logDelivery(log, metrics),
  };
  const work = async ({ network, outcome, deadLetter }: WorkMessage): Promise<void> => {
    // A message that names no outcome holds no work for this function.
    if (outcome === undefined) return;
    await deliverOutcome({ network, outcome, deadLetter }, deadlineAt, worker);
  };
  return eachMessage(event, work, reportFailed);
}

export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  return receive(event, context, await postServices());
}
