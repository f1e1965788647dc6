import { type EmbeddedMetric, embeddedMetric, type MeasuredBy } from './embedded-metric.ts';

/** Calls to RunCloud, and how many a month. They are collected, because CloudWatch is paid for each byte of a line. */
export interface RuncloudMetrics {
  /** Counts one call by its answer. */
  called(answer: string): void;
  /** Records the calls that a credential has made this month. */
  callsThisMonth(count: number): void;
  /** Writes what was collected: one line for each answer. */
  writeCalls(): void;
}

export function runcloudMetrics({
  functionName,
  group,
  emit,
  now,
}: {
  functionName: string;
  group: string;
  emit: (metric: EmbeddedMetric) => void;
  now: () => number;
}): RuncloudMetrics {
  const answers = new Map<string, number>();
  let most: number | undefined;
  const ofMonth = (value: number): MeasuredBy => ({
    metrics: [{ name: 'callsThisMonth', unit: 'Count', value }],
    dimensionSets: [['group']],
  });
  const ofAnswer = (value: number): MeasuredBy => ({
    metrics: [{ name: 'runcloudCalls', unit: 'Count', value }],
    dimensionSets: [['function', 'outcome']],
  });
  return {
    called: (answer) => void answers.set(answer, (answers.get(answer) ?? 0) + 1),
    callsThisMonth: (count) => {
      // The alarm watches the busiest credential.
      most = Math.max(most ?? 0, count);
    },
    writeCalls: () => {
      const write = (outcome: string | undefined, measured: readonly MeasuredBy[]): void => {
        const values = { function: functionName, group, ...(outcome === undefined ? {} : { outcome }) };
        emit(embeddedMetric({ at: now(), measured, values }));
      };
      // One line holds one outcome. The month's calls go with the first.
      let month = most === undefined ? [] : [ofMonth(most)];
      for (const [outcome, calls] of answers) {
        write(outcome, [ofAnswer(calls), ...month]);
        month = [];
      }
      if (month.length > 0) write(undefined, month);
      answers.clear();
      most = undefined;
    },
  };
}
