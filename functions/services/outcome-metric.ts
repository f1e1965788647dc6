import type { ErrorCode } from '../../lib/errors.ts';
import type { EmbeddedMetric } from '../../lib/observability/embedded-metric.ts';
import type { OutcomeFacts } from '../../lib/observability/metrics.ts';
import type { CallbackErrorCode } from '../../lib/sync/ledger/items/work-item.ts';
import type { ProblemType } from '../http/problem.ts';

/** What the metric `outcomes` counts besides codes and types of problems (docs/reference/logs.md, "Outcomes"). */
export const OUTCOMES = [
  'accepted',
  'duplicate',
  'superseded',
  'present',
  'absent',
  'parked',
  'held',
  'grace-period',
  'removals-limited',
  'additions-limited',
  'given-up',
  'certificate-valid',
  'certificate-waiting-dns',
  'certificate-waiting',
  'certificate-later',
  'certificate-requested',
  'certificate-unverified',
  'certificate-troubled',
  'certificate-failing',
  'certificate-failed',
  'certificate-hosting-failed',
  'certificate-closed',
  'certificate-left',
  'certificate-held',
  'certificate-paused',
  'certificate-given-up',
  'order-accepted',
  'order-refused',
  'order-unanswered',
  'order-undone',
  'order-budget',
  'posted',
  'crashed',
  'unavailable',
  'dead-letter-unsent',
  'network-paused',
  'network-resumed',
  'compared',
  'comparison-failed',
  'drift-missing',
  'drift-extra',
  'unreadable-item',
  'messages-refused',
  'notices-unmailed',
] as const;

export type CountedOutcome = (typeof OUTCOMES)[number] | ErrorCode | CallbackErrorCode | ProblemType;

/** Each further metric costs money, and no operator looks at it. */
export interface Metrics {
  /** Counts an outcome in a line of its own. */
  count(outcome: CountedOutcome, facts?: OutcomeFacts): void;
  /** Counts an outcome in the line of the log that is written with this. */
  counted(outcome: CountedOutcome, facts?: OutcomeFacts): EmbeddedMetric;
}
