import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { reconcileCertificates } from '../lib/certificates/reconcile.ts';
import type { WorkMessage } from '../lib/sync/ledger/ports.ts';
import { logCertificate } from './queue/log-certificate.ts';
import { logUnsent } from './queue/log-deferred.ts';
import { eachMessage, type WorkerContext } from './queue/sqs.ts';
import { workerCall } from './queue/worker-call.ts';
import { type SecureServices, secureServices } from './services/secure-domains.ts';
import { writtenCalls } from './services/written-calls.ts';

/** Gives every domain its certificate, one network per message. */
export function receive(
  event: SQSEvent,
  context: WorkerContext,
  services: SecureServices,
): Promise<SQSBatchResponse> {
  const { metrics } = services;
  const { log, deadlineAt, services: ofCall, reportFailed } = workerCall(context, services);
  const worker = {
    ...ofCall,
    report: logCertificate(log, metrics),
    reportUnsent: logUnsent(log, metrics),
  };
  const work = (message: WorkMessage): Promise<void> => reconcileCertificates(message, deadlineAt, worker);
  return writtenCalls(metrics, () => eachMessage(event, work, reportFailed));
}

export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  return receive(event, context, await secureServices());
}
