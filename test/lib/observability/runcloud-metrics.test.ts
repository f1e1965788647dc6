import { describe, expect, test } from '@jest/globals';
import { createMetrics } from '../../../lib/observability/metrics.ts';

function recorded() {
  const lines: string[] = [];
  const metrics = createMetrics({
    functionName: 'sync-domain',
    group: 'relay-prod-workers',
    write: (line) => lines.push(line),
    now: () => 1_795_237_200_123,
  });
  return { metrics, written: (): unknown[] => lines.splice(0).map((line) => JSON.parse(line)) };
}

const answers = {
  Namespace: 'runcloud-relay',
  Dimensions: [['function', 'outcome']],
  Metrics: [{ Name: 'runcloudCalls', Unit: 'Count' }],
};
const month = {
  Namespace: 'runcloud-relay',
  Dimensions: [['group']],
  Metrics: [{ Name: 'callsThisMonth', Unit: 'Count' }],
};

describe('the calls to RunCloud', () => {
  test("are counted by function and answer in one line, which holds the month's calls by group alone", () => {
    const { metrics, written } = recorded();
    for (const count of [1_233, 1_234]) {
      metrics.callsThisMonth(count);
      metrics.called('2xx');
    }
    expect(written()).toEqual([]);
    metrics.writeCalls();
    expect(written()).toEqual([
      {
        _aws: { Timestamp: 1_795_237_200_123, CloudWatchMetrics: [answers, month] },
        function: 'sync-domain',
        group: 'relay-prod-workers',
        outcome: '2xx',
        runcloudCalls: 2,
        callsThisMonth: 1_234,
      },
    ]);
  });

  test('of each further answer are a line of their own, because a line holds one outcome', () => {
    const { metrics, written } = recorded();
    for (const answer of ['404', '2xx', '2xx', '429']) metrics.called(answer);
    metrics.callsThisMonth(9);
    metrics.writeCalls();
    const of = (outcome: string, runcloudCalls: number) => ({
      _aws: { Timestamp: 1_795_237_200_123, CloudWatchMetrics: [answers] },
      function: 'sync-domain',
      outcome,
      runcloudCalls,
    });
    expect(written()).toEqual([
      expect.objectContaining({ outcome: '404', runcloudCalls: 1, callsThisMonth: 9 }),
      of('2xx', 2),
      of('429', 1),
    ]);
  });

  test('of the month are those of the busiest credential', () => {
    const { metrics, written } = recorded();
    for (const count of [7, 1_234, 8]) metrics.callsThisMonth(count);
    metrics.writeCalls();
    expect(written()).toEqual([
      {
        _aws: { Timestamp: 1_795_237_200_123, CloudWatchMetrics: [month] },
        group: 'relay-prod-workers',
        callsThisMonth: 1_234,
      },
    ]);
  });

  test('are written once', () => {
    const { metrics, written } = recorded();
    metrics.called('2xx');
    metrics.callsThisMonth(5);
    metrics.writeCalls();
    written();
    metrics.writeCalls();
    expect(written()).toEqual([]);
  });
});
