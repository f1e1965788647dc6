import type { RelayError } from '../../errors.ts';
import type { DomainDelays } from '../ledger/delays.ts';
import type { Drift } from '../ledger/network-item.ts';
import type { Clock, Ledger, Networks, Random } from '../ledger/ports.ts';
import type { BreakerState } from '../network/circuit-breaker.ts';

export interface ComparisonServices {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly random: Random;
  readonly networks: Networks;
  readonly delays: DomainDelays;
  readonly reportCallsThisMonth: (count: number) => void;
  /** DRIFT_DRY_RUN: report what is missing, repair nothing. */
  readonly driftDryRun: boolean;
  readonly reportComparison: (report: ComparisonReport) => void;
}

/** What one call of the comparison came to. */
export interface Compared {
  /** When to compare next, or to go on. */
  readonly dueAt: number;
  /** Set: it is not through, and goes on from what is stored. */
  readonly begunAt: number | null;
  /** Set: it is through. */
  readonly drift: Drift | null;
  /** When it began, if it is through and saw every name in one row. */
  readonly singleRowsAt: number | null;
  /** What stood in the way. */
  readonly error: RelayError | null;
}

export interface ComparisonReport extends Compared {
  readonly network: string;
  /** Calls to RunCloud. */
  readonly calls: number;
  /** The network rests, so nothing was asked. */
  readonly paused: boolean;
  /** The comparison was the probe of a network that rested, and has ended the rest. */
  readonly transition: BreakerState['transition'];
}
