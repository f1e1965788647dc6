import type { Context, ScheduledEvent } from 'aws-lambda';
import { UnreadableItem } from '../lib/errors.ts';
import { sweep } from '../lib/sync/sweep/sweep.ts';
import { deadlineOf, type WorkerContext } from './queue/sqs.ts';
import { logOfCall } from './services/call-context.ts';
import { reportingLedger } from './services/reporting-ledger.ts';
import { type SweepServices, sweepServices } from './services/sweep.ts';

/** Sends a message for everything that is due. */
export async function receive(context: WorkerContext, services: SweepServices): Promise<void> {
  const { clock, metrics } = services;
  const log = logOfCall(services.log, context);
  const { sent, failed } = await sweep(deadlineOf(context, clock.now()), {
    ...services,
    ledger: reportingLedger(services.ledger, log, metrics),
    reportUnmailed: (error) => {
      log.warn('notices not mailed', { error }, metrics.counted('notices-unmailed'));
    },
    report: (error, { network, item }) => {
      // The ledger has reported it.
      if (error instanceof UnreadableItem) return;
      log.error('item could not be moved', { error, network, item });
    },
  });
  if (failed > 0) {
    const fields = { count: failed };
    log.warn(
      'the queue refused messages; the next sweep sends them',
      fields,
      metrics.counted('messages-refused'),
    );
  }
  if (sent > 0) log.info('messages sent', { count: sent });
}

export async function handler(_event: ScheduledEvent, context: Context): Promise<void> {
  return receive(context, await sweepServices());
}
