import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { WorkMessage } from '../lib/sync/ledger/ports.ts';
import { runNetworkWork } from '../lib/sync/network-work/run.ts';
import { reconcileDomain } from '../lib/sync/reconcile/reconcile.ts';
import { logUnsent } from './queue/log-deferred.ts';
import { logDomain } from './queue/log-domain.ts';
import { logDrift } from './queue/log-drift.ts';
import { eachMessage, type WorkerContext } from './queue/sqs.ts';
import { workerCall } from './queue/worker-call.ts';
import { type SyncServices, syncServices } from './services/sync-domain.ts';
import { writtenCalls } from './services/written-calls.ts';

/** Makes RunCloud match the ledger, one message after the other. */
export function receive(
  event: SQSEvent,
  context: WorkerContext,
  services: SyncServices,
): Promise<SQSBatchResponse> {
  const { metrics } = services;
  const { log, deadlineAt, services: ofCall, reportFailed } = workerCall(context, services);
  const worker = {
    ...ofCall,
    report: logDomain(log, metrics),
    reportUnsent: logUnsent(log, metrics),
    reportComparison: logDrift(log, metrics),
  };
  const work = ({ network, domain, returns, deadLetter }: WorkMessage): Promise<void> =>
    domain === undefined
      ? runNetworkWork(network, deadlineAt, worker)
      : reconcileDomain({ network, domain, returns, deadLetter }, deadlineAt, worker);
  return writtenCalls(metrics, () => eachMessage(event, work, reportFailed));
}

export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  return receive(event, context, await syncServices());
}
