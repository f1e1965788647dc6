import type { Context, ScheduledEvent } from 'aws-lambda';
import { sweep } from '../lib/sync/sweep.ts';
import { deadlineOf } from './sqs.ts';
import { type SweepServices, sweepServices } from './sweep-services.ts';

/** Sends a hint for everything that is due. */
export const receive = async (
  context: Pick<Context, 'getRemainingTimeInMillis'>,
  services: SweepServices,
): Promise<void> => {
  const { log, metrics } = services;
  const { sent, failed } = await sweep(deadlineOf(context, services.clock.now()), services);
  if (failed > 0) {
    log.warn('the queue refused hints; the next sweep sends them', { count: failed });
    metrics.count('hints-refused');
  }
  if (sent > 0) log.info('hints sent', { count: sent });
};

export const handler = async (_event: ScheduledEvent, context: Context): Promise<void> =>
  receive(context, await sweepServices());
