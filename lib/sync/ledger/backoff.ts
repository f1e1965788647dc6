import type { RelayError } from '../../errors.ts';
import type { DomainWaits } from './delays.ts';
import type { Schedule } from './items.ts';
import type { Random } from './ports.ts';

export interface ChosenWait {
  readonly waitMs: number;
  /** The counts that giving up goes by, with this wait in them. */
  readonly counts: Pick<Schedule, 'attempts' | 'waitedMs' | 'refusedMs'>;
}

const GROWTH_LIMIT = 30; // 2^30 first waits are more than any last wait; keeps the power finite
const JITTER = 0.25;

/**
 * The wait after a failure that may pass: doubles from the first to the last wait, with jitter, and never shorter
 * than the other side asked for. Undefined: its time is over, give up.
 */
export const nextWait = (
  failure: Pick<RelayError, 'failure' | 'retryAfterMs'>,
  counts: Pick<Schedule, 'attempts' | 'waitedMs' | 'refusedMs'>,
  waits: DomainWaits,
  random: Random,
): ChosenWait | undefined => {
  const refused = failure.failure === 'refused';
  const leftMs = refused ? waits.refusedMs - counts.refusedMs : waits.givingUpMs - counts.waitedMs;
  if (leftMs <= 0) return undefined;
  const grownMs = waits.firstMs * 2 ** Math.min(counts.attempts, GROWTH_LIMIT);
  const jitteredMs = Math.min(grownMs, waits.lastMs / (1 + JITTER)) * (1 + JITTER * random());
  const askedMs = Math.min(failure.retryAfterMs ?? 0, waits.lastMs);
  // The last look falls on the end of the allowance, not long after it.
  const waitMs = Math.max(Math.min(jitteredMs, leftMs), askedMs);
  return {
    waitMs,
    counts: {
      attempts: counts.attempts + 1,
      waitedMs: counts.waitedMs + (refused ? 0 : waitMs),
      refusedMs: counts.refusedMs + (refused ? waitMs : 0),
    },
  };
};
