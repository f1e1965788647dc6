import type { RelayError } from '../../../errors.ts';
import type { DomainDelays } from '../delays.ts';
import type { Backoff, WorkItem } from '../items/work-item.ts';
import type { Random } from '../ports.ts';
import { CLOCKS_AGREE_MS } from '../time.ts';

type Counts = Pick<WorkItem, 'attempts' | 'waitedMs' | 'refusedMs'>;

export interface ChosenDelay {
  readonly waitMs: number;
  /** The count that the delay goes into, as far as it passes. */
  readonly counter: Backoff['counter'];
}

const GROWTH_LIMIT = 30; // 2^30 first waits are more than any last wait; keeps the power finite
const JITTER = 0.25;
/** The part of a short delay by which a pass may be early and still count as having waited all of it. */
const EARLY_BY = 1 / 4;

export function doubledMs(firstMs: number, times: number): number {
  return firstMs * 2 ** Math.min(times, GROWTH_LIMIT);
}

/** Doubles from the first to the last delay, with jitter. */
export function grownMs(
  attempts: number,
  { firstMs, lastMs }: Pick<DomainDelays, 'firstMs' | 'lastMs'>,
  random: Random,
): number {
  return Math.min(doubledMs(firstMs, attempts), lastMs / (1 + JITTER)) * (1 + JITTER * random());
}

/** Somewhat more or less, so that the passes of a whole network do not stay together. */
export function aroundMs(delayMs: number, random: Random): number {
  return delayMs * (1 - JITTER / 2 + JITTER * random());
}

/**
 * The delay after a failure that may pass: it grows, and is never shorter than the other side asked for. Undefined: the
 * time for trying is over.
 */
export function nextDelay(
  failure: Pick<RelayError, 'failure' | 'retryAfterMs'>,
  counts: Counts,
  delays: DomainDelays,
  random: Random,
): ChosenDelay | undefined {
  const refused = failure.failure === 'refused';
  const leftMs = refused ? delays.refusedMs - counts.refusedMs : delays.givingUpMs - counts.waitedMs;
  if (leftMs <= 0) return undefined;
  const jitteredMs = grownMs(counts.attempts, delays, random);
  const askedMs = Math.min(failure.retryAfterMs ?? 0, delays.lastMs);
  // The last try falls on the end of the allowance, not long after it.
  const waitMs = Math.max(Math.min(jitteredMs, leftMs), askedMs);
  return { waitMs, counter: refused ? 'refusedMs' : 'waitedMs' };
}

/** The schedule of a delay that begins now. */
export function backingOff(
  { attempts }: Pick<WorkItem, 'attempts'>,
  { waitMs, counter }: ChosenDelay,
  now: number,
): Pick<WorkItem, 'attempts' | 'backoff' | 'dueAt' | 'sendAt'> {
  const until = now + waitMs;
  return { attempts: attempts + 1, backoff: { since: now, until, counter }, dueAt: until, sendAt: until };
}

/**
 * Counts what has passed of the last delay, for the work may have been made due before its end. A pass that is early by no
 * more than clocks differ has waited all of it.
 */
export function countedWait(
  { waitedMs, refusedMs, backoff }: Pick<WorkItem, 'waitedMs' | 'refusedMs' | 'backoff'>,
  now: number,
): Pick<WorkItem, 'waitedMs' | 'refusedMs' | 'backoff'> {
  if (backoff === null) return { waitedMs, refusedMs, backoff };
  const { since, until, counter } = backoff;
  const waitMs = until - since;
  const isOver = now >= until - Math.min(CLOCKS_AGREE_MS, waitMs * EARLY_BY);
  const passedMs = isOver ? waitMs : Math.max(0, now - since);
  const counts = { waitedMs, refusedMs };
  return { ...counts, [counter]: counts[counter] + passedMs, backoff: null };
}
