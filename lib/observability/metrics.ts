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

/** Writes lines in CloudWatch's embedded metric format. CloudWatch turns them into metrics without an API call. */
export function createMetrics({
  functionName,
  write = toStandardOutput,
  now = Date.now,
}: {
  functionName: string;
  write?: (line: string) => void;
  now?: () => number;
}): RuncloudMetrics & { count(outcome: string, facts?: OutcomeFacts): void } {
  const emit = (
    metrics: readonly Metric[],
    dimensions: Readonly<Record<string, string>>,
    network?: string,
  ): void => {
    const named = { function: functionName, ...dimensions };
    const announced = metrics.map(({ name, unit }) => ({ Name: name, Unit: unit }));
    const values = metrics.map(({ name, value }) => [name, value] as const);
    write(
      JSON.stringify({
        _aws: {
          Timestamp: now(),
          CloudWatchMetrics: [{ Namespace: namespace, Dimensions: [Object.keys(named)], Metrics: announced }],
        },
        ...named,
        network,
        ...Object.fromEntries(values),
      }),
    );
  };
  return {
    count: (outcome, { network, durationMs } = {}) => {
      const counted: Metric = { name: 'outcomes', unit: 'Count', value: 1 };
      const lasted: readonly Metric[] =
        durationMs === undefined ? [] : [{ name: 'duration', unit: 'Milliseconds', value: durationMs }];
      emit([counted, ...lasted], { outcome }, network);
    },
    called: (answer) => emit([{ name: 'runcloudCalls', unit: 'Count', value: 1 }], { outcome: answer }),
    callsThisMonth: (value) => emit([{ name: 'callsThisMonth', unit: 'Count', value }], {}),
  };
}
