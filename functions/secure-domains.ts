import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { reconcileCertificates } from '../lib/certificates/reconcile.ts';
import { logCertificate } from './queue/log-certificate.ts';
import { logDeferred, logFailedMessage, logUnsent } from './queue/log-deferred.ts';
import { deadlineOf, eachMessage, leaseMsUntil, type WorkerContext } from './queue/sqs.ts';
import { logOfCall } from './services/call-context.ts';
import { reportingLedger } from './services/reporting-ledger.ts';
import { type SecureServices, secureServices } from './services/secure-domains.ts';

/** Gives every domain its certificate, one network per message. */
export function receive(
  event: SQSEvent,
  context: WorkerContext,
  services: SecureServices,
): Promise<SQSBatchResponse> {
  const { clock, metrics } = services;
  const log = logOfCall(services.log, context);
  const now = clock.now();
  const deadlineAt = deadlineOf(context, now);
  const worker = {
    ...services,
    ledger: reportingLedger(services.ledger, log, metrics),
    leaseMs: leaseMsUntil(deadlineAt, now),
    report: logCertificate(log, metrics),
    reportDeferred: logDeferred(log, metrics),
    reportUnsent: logUnsent(log, metrics),
  };
  return eachMessage(
    event,
    (message) => reconcileCertificates(message, deadlineAt, worker),
    logFailedMessage(log, metrics),
  );
}

export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  return receive(event, context, await secureServices());
}
