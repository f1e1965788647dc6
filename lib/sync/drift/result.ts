import type { RelayError } from '../../errors.ts';
import type { DomainDelays } from '../ledger/delays.ts';
import type { Drift } from '../ledger/items/network-item.ts';
import type { Clock, Ledger, Random } from '../ledger/ports.ts';
import type { Networks } from '../ledger/runcloud-ports.ts';
import type { BreakerState } from '../network/pass-record.ts';

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

/** The result of one call of the comparison. */
export interface Compared {
  /** When to compare next, or to continue. */
  readonly dueAt: number;
  /** Set: it is not finished, and continues from what is stored. */
  readonly begunAt: number | null;
  /** Set: it is finished. */
  readonly drift: Drift | null;
  /** When it began, if it is finished and saw every name in one row; null: it may not have; undefined: it cannot tell. */
  readonly singleRowsAt: number | null | undefined;
  /** What stopped it. */
  readonly error: RelayError | null;
}

export interface ComparisonReport extends Compared {
  readonly network: string;
  /** Calls to RunCloud. */
  readonly calls: number;
  /** The network is paused, so RunCloud was not called. */
  readonly paused: boolean;
  /** Set when the comparison was the probe of a paused network, and resumed it. */
  readonly transition: BreakerState['transition'];
}
