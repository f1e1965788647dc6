import { RelayError } from '../../errors.ts';
import { NotBefore } from '../ledger/errors.ts';
import type { Clock, Hosting } from '../ledger/ports.ts';
import { HOUR_MS } from '../ledger/time.ts';
import type { ListReading } from './listing.ts';
import { hasTimeLeft } from './time-left.ts';

/** Why the comparison stops calling RunCloud, and when it goes on. */
export interface Stop {
  readonly until: number;
  readonly error: RelayError | null;
}

/**
 * Makes one call if there is time for it. A failure stops the comparison for an hour: no customer waits for it, so it does
 * not load a failing RunCloud more often.
 */
export async function callInTime<T>(
  at: { readonly deadlineAt: number; readonly clock: Clock },
  call: () => Promise<T>,
): Promise<{ readonly answer: T } | { readonly stop: Stop }> {
  const now = at.clock.now();
  if (!hasTimeLeft(at, now)) return { stop: { until: now, error: null } };
  try {
    return { answer: await call() };
  } catch (error) {
    if (error instanceof NotBefore) return { stop: { until: error.until, error: null } };
    if (error instanceof RelayError) return { stop: { until: at.clock.now() + HOUR_MS, error } };
    throw error;
  }
}

/** Reads to the end of the list (null), or as far as time allows (why it stopped). */
export async function readList(
  reading: ListReading,
  hosting: Pick<Hosting, 'page'>,
  at: { readonly deadlineAt: number; readonly clock: Clock },
): Promise<Stop | null> {
  for (let page = reading.nextPage; page !== null; page = reading.nextPage) {
    const number = page;
    const called = await callInTime(at, () => hosting.page(number));
    if ('stop' in called) return called.stop;
    reading.add(called.answer);
  }
  return null;
}
