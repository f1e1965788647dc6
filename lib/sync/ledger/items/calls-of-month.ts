import { toInstant } from '../time.ts';

/** Calls to RunCloud of one month (UTC, YYYY-MM). */
export interface CallsOfMonth {
  readonly month: string;
  readonly count: number;
}

/** Adds calls to the count of the month; a new month begins at zero. */
export function withCalls(known: CallsOfMonth | null, made: number, now: number): CallsOfMonth {
  const month = toInstant(now).slice(0, 7);
  return { month, count: made + (known?.month === month ? known.count : 0) };
}
