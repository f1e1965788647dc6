import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { lookAtCertificates } from '../lib/certificates/look-at-certificates.ts';
import { type SecureServices, secureServices } from './certificate-services.ts';
import { deadlineOf, eachHint, leaseMsUntil } from './sqs.ts';

/** Brings every domain its certificate, one network a hint. */
export const receive = (
  event: SQSEvent,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
  services: SecureServices,
): Promise<SQSBatchResponse> => {
  const { clock, log } = services;
  const now = clock.now();
  const deadlineAt = deadlineOf(context, now);
  const worker = { ...services, leaseMs: leaseMsUntil(deadlineAt, now) };
  return eachHint(
    event,
    (hint) => lookAtCertificates(hint, deadlineAt, worker),
    (error, messageId) => log.error('hint failed', { error, item: messageId }),
  );
};

export const handler = async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> =>
  receive(event, context, await secureServices());
