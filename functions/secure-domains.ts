import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { reconcileCertificates } from '../lib/certificates/reconcile.ts';
import { logCertificate } from './queue/log-certificate.ts';
import { logUnsent } from './queue/log-deferred.ts';
import { eachMessage, type WorkerContext } from './queue/sqs.ts';
import { workerCall } from './queue/worker-call.ts';
import { type SecureServices, secureServices } from './services/secure-domains.ts';

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
  return eachMessage(event, (message) => reconcileCertificates(message, deadlineAt, worker), reportFailed);
}

export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  return receive(event, context, await secureServices());
}
