import type { CertificateDelays } from '../delays.ts';
import { verifyDelayMs } from '../outcome/backoff.ts';

export interface BatchingFacts {
  readonly now: number;
  readonly delays: CertificateDelays;
  /** Since when the request that has waited longest is ready. */
  readonly oldestReadyAt: number;
  /** Some domain of the network is still to be added or removed. */
  readonly hostingOpen: boolean;
  /** When the last name that is still to be taken out was recorded as parked; null: there is none. */
  readonly parkingSince: number | null;
  /** When the running order was made, whose certificate is not seen yet; null: none runs. */
  readonly runningSince: number | null;
}

/**
 * Until when names are batched before the next order for all of them; null: order now. Orders come one after the other: a
 * second one while RunCloud works on the first would fail for the same reasons, before the first has shown them. Pure.
 */
export function batchReadyAt(facts: BatchingFacts): number | null {
  const { now, delays, oldestReadyAt, hostingOpen, parkingSince, runningSince } = facts;
  // Checked again together with the requests that wait for that order's certificate.
  if (runningSince !== null) return now + verifyDelayMs({ attempts: 0 }, now - runningSince, delays, () => 0);
  const at = Math.max(oldestReadyAt, parkingSince ?? 0) + delays.oldestMs;
  // The order is all that waits for a parking, which is quick.
  const nextMs = parkingSince === null ? delays.openHostingMs : delays.batchMs;
  return hostingOpen && now < at ? Math.min(at, now + nextMs) : null;
}
