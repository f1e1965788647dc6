import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { lookAtDomain } from '../lib/sync/look-at-domain.ts';
import { lookAtNetwork } from '../lib/sync/network-look.ts';
import type { Hint } from '../lib/sync/ports.ts';
import { duringCall } from './call-log.ts';
import { comparisonReporting } from './comparison-report.ts';
import { hintFailing, puttingOff } from './hint-report.ts';
import { reporting } from './look-report.ts';
import { deadlineOf, eachHint, leaseMsUntil, type WorkerContext } from './sqs.ts';
import { type SyncServices, syncServices } from './worker-services.ts';

/** Makes RunCloud match the ledger, one hint after the other. */
export const receive = (
  event: SQSEvent,
  context: WorkerContext,
  services: SyncServices,
): Promise<SQSBatchResponse> => {
  const { clock, metrics } = services;
  const log = duringCall(services.log, context);
  const now = clock.now();
  const deadlineAt = deadlineOf(context, now);
  const worker = {
    ...services,
    leaseMs: leaseMsUntil(deadlineAt, now),
    report: reporting(log, metrics),
    putOff: puttingOff(log, metrics),
    reportComparison: comparisonReporting(log, metrics),
  };
  const work = ({ network, domain, letter }: Hint): Promise<void> =>
    domain === undefined
      ? lookAtNetwork(network, deadlineAt, worker)
      : lookAtDomain({ network, domain, letter }, deadlineAt, worker);
  return eachHint(event, work, hintFailing(log, metrics));
};

export const handler = async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> =>
  receive(event, context, await syncServices());
