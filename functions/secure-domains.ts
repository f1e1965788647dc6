import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { lookAtCertificates } from '../lib/certificates/look-at-certificates.ts';
import { duringCall } from './call-log.ts';
import { reportingCertificates } from './certificate-report.ts';
import { type SecureServices, secureServices } from './certificate-services.ts';
import { hintFailing, puttingOff } from './hint-report.ts';
import { deadlineOf, eachHint, leaseMsUntil, type WorkerContext } from './sqs.ts';

/** Brings every domain its certificate, one network a hint. */
export const receive = (
  event: SQSEvent,
  context: WorkerContext,
  services: SecureServices,
): Promise<SQSBatchResponse> => {
  const { clock, metrics } = services;
  const log = duringCall(services.log, context);
  const now = clock.now();
  const deadlineAt = deadlineOf(context, now);
  const worker = {
    ...services,
    leaseMs: leaseMsUntil(deadlineAt, now),
    report: reportingCertificates(log, metrics),
    putOff: puttingOff(log, metrics),
  };
  return eachHint(event, (hint) => lookAtCertificates(hint, deadlineAt, worker), hintFailing(log, metrics));
};

export const handler = async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> =>
  receive(event, context, await secureServices());
