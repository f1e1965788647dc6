import type { CallsOfMonth } from './calls-of-month.ts';

/** Which network owns a web application. */
export interface ClaimItem {
  readonly network: string;
  readonly renewedAt: number;
}

/** The next free place for a call with one credential, and how many calls it has made. */
export interface RateLimitItem {
  readonly nextFreeAt: number;
  readonly limitPerMinute: number;
  /** All of them, of workers and of live reads: RunCloud's quota counts them too. */
  readonly calls: CallsOfMonth | null;
  readonly expiresAt: number | null;
}

/** The sweep's own lease. */
export interface SweepItem {
  readonly owner: string | null;
  readonly leaseUntil: number;
}
