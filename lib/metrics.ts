import { toStandardOutput } from './log.ts';

/** What is counted. Beyond these names a metric costs money without anybody looking at it. */
export interface Metrics {
  /** Counts one outcome. The network is a field to search by and not a dimension, which would be paid per network. */
  count(outcome: string, facts?: { network?: string; durationMs?: number }): void;
}

const namespace = 'runcloud-relay';

/** Lines in CloudWatch's embedded metric format: CloudWatch makes metrics of them, without a call of ours. */
export const createMetrics = ({
  functionName,
  write = toStandardOutput,
  now = Date.now,
}: {
  functionName: string;
  write?: (line: string) => void;
  now?: () => number;
}): Metrics => ({
  count(outcome, { network, durationMs } = {}) {
    const metrics = [
      { Name: 'outcomes', Unit: 'Count' },
      ...(durationMs === undefined ? [] : [{ Name: 'duration', Unit: 'Milliseconds' }]),
    ];
    write(
      JSON.stringify({
        _aws: {
          Timestamp: now(),
          CloudWatchMetrics: [
            { Namespace: namespace, Dimensions: [['function', 'outcome']], Metrics: metrics },
          ],
        },
        function: functionName,
        outcome,
        network,
        outcomes: 1,
        duration: durationMs,
      }),
    );
  },
});
