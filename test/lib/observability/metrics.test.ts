import { expect, test } from '@jest/globals';
import { createMetrics } from '../../../lib/observability/metrics.ts';

function recorded() {
  const lines: string[] = [];
  const metrics = createMetrics({
    functionName: 'sync-domain',
    write: (line) => lines.push(line),
    now: () => 1_795_237_200_123,
  });
  return { metrics, facts: (): unknown[] => lines.map((line) => JSON.parse(line)) };
}

test('an outcome is counted by function and outcome, and the network is no dimension', () => {
  const { metrics, facts } = recorded();
  metrics.count('settled', { network: 'default', durationMs: 250 });
  expect(facts()).toEqual([
    {
      _aws: {
        Timestamp: 1_795_237_200_123,
        CloudWatchMetrics: [
          {
            Namespace: 'runcloud-relay',
            Dimensions: [['function', 'outcome']],
            Metrics: [
              { Name: 'outcomes', Unit: 'Count' },
              { Name: 'duration', Unit: 'Milliseconds' },
            ],
          },
        ],
      },
      function: 'sync-domain',
      outcome: 'settled',
      network: 'default',
      outcomes: 1,
      duration: 250,
    },
  ]);
});

test('every metric that is announced has a value in the line', () => {
  const { metrics, facts } = recorded();
  metrics.count('settled');
  expect(facts()).toEqual([
    expect.objectContaining({
      outcomes: 1,
      _aws: expect.objectContaining({
        CloudWatchMetrics: [expect.objectContaining({ Metrics: [{ Name: 'outcomes', Unit: 'Count' }] })],
      }),
    }),
  ]);
});

test("a call to RunCloud is counted by function and answer; the month's calls by function alone", () => {
  const { metrics, facts } = recorded();
  metrics.called('429');
  metrics.callsThisMonth(1_234);
  expect(facts()).toMatchObject([
    {
      _aws: {
        CloudWatchMetrics: [{ Dimensions: [['function', 'outcome']], Metrics: [{ Name: 'runcloudCalls' }] }],
      },
      function: 'sync-domain',
      outcome: '429',
      runcloudCalls: 1,
    },
    {
      _aws: { CloudWatchMetrics: [{ Dimensions: [['function']], Metrics: [{ Name: 'callsThisMonth' }] }] },
      function: 'sync-domain',
      callsThisMonth: 1_234,
    },
  ]);
});
