import { toStandardOutput } from './log.ts';

export interface OutcomeFacts {
  /** A field to search by and not a dimension, because each network would then cost money. */
  readonly network?: string;
  readonly durationMs?: number;
}

/** Calls to RunCloud, and how many a month. */
export interface RuncloudMetrics {
  /** Counts one call by its answer. */
  called(answer: string): void;
  /** Records the calls that a credential has made this month. */
  callsThisMonth(count: number): void;
}

const namespace = 'runcloud-relay';

interface Metric {
  readonly name: string;
  readonly unit: 'Count' | 'Milliseconds';
  readonly value: number;
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

type Dimension = 'function' | 'group' | 'outcome';

/**
 * Writes lines in CloudWatch's embedded metric format. CloudWatch turns them into metrics without an API call.
 * `group`: the stage's workers, or its API handlers.
 */
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
}): RuncloudMetrics & { count(outcome: string, facts?: OutcomeFacts): void } {
  const emit = (
    metrics: readonly Metric[],
    dimensionSets: readonly (readonly Dimension[])[],
    fields: { readonly outcome?: string; readonly network?: string | undefined },
  ): void => {
    const announced = metrics.map(({ name, unit }) => ({ Name: name, Unit: unit }));
    const values = metrics.map(({ name, value }) => [name, value] as const);
    write(
      JSON.stringify({
        _aws: {
          Timestamp: now(),
          CloudWatchMetrics: [{ Namespace: namespace, Dimensions: dimensionSets, Metrics: announced }],
        },
        function: functionName,
        group,
        ...fields,
        ...Object.fromEntries(values),
      }),
    );
  };
  return {
    count: (outcome, { network, durationMs } = {}) => {
      const counted: Metric = { name: 'outcomes', unit: 'Count', value: 1 };
      const lasted: readonly Metric[] =
        durationMs === undefined ? [] : [{ name: 'duration', unit: 'Milliseconds', value: durationMs }];
      const byFunction = ['function', 'outcome'] as const;
      const sets = outcomesByGroup.has(outcome) ? [byFunction, ['group', 'outcome'] as const] : [byFunction];
      emit([counted, ...lasted], sets, { outcome, network });
    },
    called: (answer) =>
      emit([{ name: 'runcloudCalls', unit: 'Count', value: 1 }], [['function', 'outcome']], {
        outcome: answer,
      }),
    callsThisMonth: (value) => emit([{ name: 'callsThisMonth', unit: 'Count', value }], [['group']], {}),
  };
}
