import { RelayError } from '../../errors.ts';
import { NotBefore } from '../ledger/errors.ts';
import type { Clock } from '../ledger/ports.ts';
import type { Hosting } from '../ledger/runcloud-ports.ts';
import { HOUR_MS } from '../ledger/time.ts';
import type { ListReading } from '../network/listing/list-reading.ts';

/** Why the comparison stops calling RunCloud, and when it goes on. */
export interface Stop {
  readonly until: number;
  readonly error: RelayError | null;
}

/**
 * Makes one call. A failure stops the comparison for an hour: no customer waits for it, so it does not load a failing RunCloud
 * more often.
 */
export async function answerOf<T>(
  clock: Pick<Clock, 'now'>,
  call: () => Promise<T>,
): Promise<{ readonly answer: T } | { readonly stop: Stop }> {
  try {
    return { answer: await call() };
  } catch (error) {
    if (error instanceof NotBefore) return { stop: { until: error.until, error: null } };
    if (error instanceof RelayError) return { stop: { until: clock.now() + HOUR_MS, error } };
    throw error;
  }
}

/** Reads to the end of the list (null), or as far as time allows (why it stopped). */
export async function readList(
  reading: ListReading,
  hosting: Pick<Hosting, 'page'>,
  clock: Pick<Clock, 'now'>,
): Promise<Stop | null> {
  for (let page = reading.nextPage; page !== null; page = reading.nextPage) {
    const number = page;
    const called = await answerOf(clock, () => hosting.page(number));
    if ('stop' in called) return called.stop;
    reading.add(called.answer);
  }
  return null;
}
