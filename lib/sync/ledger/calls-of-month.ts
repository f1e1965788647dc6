import { toInstant } from './time.ts';

/** Calls to RunCloud of one month (UTC, YYYY-MM). */
export interface CallsOfMonth {
  readonly month: string;
  readonly count: number;
}

/** So many calls more; a new month begins at nothing. */
export function withCalls(known: CallsOfMonth | null, made: number, now: number): CallsOfMonth | null {
  if (made === 0) return known;
  const month = toInstant(now).slice(0, 7);
  return { month, count: made + (known?.month === month ? known.count : 0) };
}
