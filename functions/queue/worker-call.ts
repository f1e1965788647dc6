import type { Log } from '../../lib/observability/log.ts';
import type { Clock, Ledger } from '../../lib/sync/ledger/ports.ts';
import { logOfCall } from '../services/call-context.ts';
import type { Metrics } from '../services/outcome-metric.ts';
import { reportingLedger } from '../services/reporting-ledger.ts';
import { logDeferred, logFailedMessage } from './log-deferred.ts';
import { deadlineOf, leaseMsUntil, type WorkerContext } from './sqs.ts';

interface LastingServices {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** One call of a worker: its deadline, and its services with the lease and the reports that name the call. */
export function workerCall<S extends LastingServices>(context: WorkerContext, services: S) {
  const { clock, metrics } = services;
  const log = logOfCall(services.log, context);
  const now = clock.now();
  const deadlineAt = deadlineOf(context, now);
  return {
    log,
    deadlineAt,
    services: {
      ...services,
      ledger: reportingLedger(services.ledger, log, metrics),
      leaseMs: leaseMsUntil(deadlineAt, now),
      reportDeferred: logDeferred(log, metrics),
    },
    reportFailed: logFailedMessage(log, metrics),
  };
}
