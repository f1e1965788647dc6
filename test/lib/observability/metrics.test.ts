import { expect, test } from '@jest/globals';
import { createMetrics, outcomesByGroup } from '../../../lib/observability/metrics.ts';

function recorded() {
  const lines: string[] = [];
  const metrics = createMetrics({
    functionName: 'sync-domain',
    group: 'relay-prod-workers',
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
      group: 'relay-prod-workers',
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

test('an outcome that an alarm watches in several functions is counted by group too', () => {
  const { metrics, facts } = recorded();
  for (const outcome of outcomesByGroup) metrics.count(outcome);
  expect(outcomesByGroup.size).toBeGreaterThan(0);
  expect(facts()).toEqual(
    [...outcomesByGroup].map((outcome) =>
      expect.objectContaining({
        outcome,
        group: 'relay-prod-workers',
        _aws: expect.objectContaining({
          CloudWatchMetrics: [
            expect.objectContaining({
              Dimensions: [
                ['function', 'outcome'],
                ['group', 'outcome'],
              ],
            }),
          ],
        }),
      }),
    ),
  );
});

test("a call to RunCloud is counted by function and answer; the month's calls by group alone", () => {
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
      _aws: { CloudWatchMetrics: [{ Dimensions: [['group']], Metrics: [{ Name: 'callsThisMonth' }] }] },
      group: 'relay-prod-workers',
      callsThisMonth: 1_234,
    },
  ]);
});
