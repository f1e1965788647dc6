import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { lookAtDomain } from '../lib/sync/look-at-domain.ts';
import { lookAtNetwork } from '../lib/sync/network-look.ts';
import type { Hint } from '../lib/sync/ports.ts';
import { deadlineOf, eachHint, leaseMsUntil } from './sqs.ts';
import { type SyncServices, syncServices } from './worker-services.ts';

/** Makes RunCloud match the ledger, one hint after the other. */
export const receive = (
  event: SQSEvent,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
  services: SyncServices,
): Promise<SQSBatchResponse> => {
  const { clock, log } = services;
  const now = clock.now();
  const deadlineAt = deadlineOf(context, now);
  const worker = { ...services, leaseMs: leaseMsUntil(deadlineAt, now) };
  const work = ({ network, domain, letter }: Hint): Promise<void> =>
    domain === undefined
      ? lookAtNetwork(network, deadlineAt, worker)
      : lookAtDomain({ network, domain, letter }, deadlineAt, worker);
  return eachHint(event, work, (error, messageId) => log.error('hint failed', { error, item: messageId }));
};

export const handler = async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> =>
  receive(event, context, await syncServices());
