import type { OutcomeFacts, OutcomeMetrics } from '../../lib/observability/metrics.ts';

/** Metrics that keep what they are asked to count, in a line of its own or with one of the log. */
export function recordedMetrics() {
  const counted: ({ readonly outcome: string } & OutcomeFacts)[] = [];
  const metrics: OutcomeMetrics = {
    count: (outcome, facts = {}) => void counted.push({ outcome, ...facts }),
    counted: (outcome, facts = {}) => {
      counted.push({ outcome, ...facts });
      return {};
    },
  };
  return { counted, metrics };
}
