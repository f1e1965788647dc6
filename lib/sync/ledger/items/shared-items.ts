import type { CallsOfMonth } from './calls-of-month.ts';

/** Which network owns a web application. */
export interface ClaimItem {
  readonly network: string;
  readonly renewedAt: number;
}

/** The domains of one network that wait for a slot of one credential, each in a place of its own. */
export interface Line {
  readonly network: string;
  /** Calls that were given a place and no slot yet. */
  readonly calls: number;
  /** When the next place comes up. */
  readonly endsAt: number;
  /** How far all places have moved back since the line began, because slots came later than expected. */
  readonly movedMs: number;
}

/** The next free slot for a call with one credential, who waits for one, and how many calls it has made. */
export interface RateLimitItem {
  readonly nextFreeAt: number;
  readonly limitPerMinute: number;
  /** Those that have not come to their end. */
  readonly lines: readonly Line[];
  /** All of them, of workers and of live reads: RunCloud's quota counts them too. */
  readonly calls: CallsOfMonth | null;
  readonly expiresAt: number | null;
}

/** The sweep's own lease. */
export interface SweepItem {
  readonly owner: string | null;
  readonly leaseUntil: number;
  /** The first network whose certificates the last sweep had no time to look for; null: it had time for all. */
  readonly nextNetwork: string | null;
}
