import { type EmbeddedMetric, embeddedMetric } from './embedded-metric.ts';
import { toStandardOutput } from './log.ts';
import { type RuncloudMetrics, runcloudMetrics } from './runcloud-metrics.ts';

export interface OutcomeFacts {
  readonly network?: string;
  readonly durationMs?: number;
}

export interface OutcomeMetrics {
  /** Counts an outcome in a line of its own. */
  count(outcome: string, facts?: OutcomeFacts): void;
  /** Counts an outcome in the line of the log that is written with this. */
  counted(outcome: string, facts?: OutcomeFacts): EmbeddedMetric;
}

/**
 * Outcomes that an alarm watches in several functions. CloudWatch charges an alarm for each metric, so these are counted
 * once more by group: one metric in place of one per function (infra/alarms.js).
 */
export const outcomesByGroup: ReadonlySet<string> = new Set([
  'crashed',
  'unavailable',
  'unauthorized',
  'network-paused',
  'dead-letter-unsent',
  'unreadable-item',
]);

/** `group`: the stage's workers, or its API handlers. */
export function createMetrics({
  functionName,
  group,
  write = toStandardOutput,
  now = Date.now,
}: {
  functionName: string;
  group: string;
  write?: (line: string) => void;
  now?: () => number;
}): RuncloudMetrics & OutcomeMetrics {
  const emit = (metric: EmbeddedMetric): void => write(JSON.stringify(metric));
  const byFunction = ['function', 'outcome'] as const;
  const counted = (outcome: string, { network, durationMs }: OutcomeFacts = {}): EmbeddedMetric =>
    embeddedMetric({
      at: now(),
      measured: [
        {
          metrics: [
            { name: 'outcomes', unit: 'Count', value: 1 },
            ...(durationMs === undefined
              ? []
              : [{ name: 'duration', unit: 'Milliseconds', value: durationMs } as const]),
          ],
          dimensionSets: outcomesByGroup.has(outcome) ? [byFunction, ['group', 'outcome']] : [byFunction],
        },
      ],
      values: { function: functionName, group, outcome },
      network,
    });
  return {
    counted,
    count: (outcome, facts) => emit(counted(outcome, facts)),
    ...runcloudMetrics({ functionName, group, emit, now }),
  };
}
