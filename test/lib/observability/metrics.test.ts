import { expect, test } from '@jest/globals';
import { metricFields } from '../../../lib/observability/embedded-metric.ts';
import { createLog, type LogLevel } from '../../../lib/observability/log.ts';
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

const at = () => 1_795_237_200_123;

function line(level: LogLevel, fields: { readonly outcome?: string } = {}) {
  const lines: string[] = [];
  const write = (text: string) => void lines.push(text);
  const metrics = createMetrics({ functionName: 'sync-domain', group: 'relay-prod-workers', write, now: at });
  const log = createLog({ service: 'runcloud-relay', level, write, now: at });
  log.info('domain reconciled', { network: 'default', ...fields }, metrics.counted('present'));
  return lines.map((text): unknown => JSON.parse(text));
}

const told = { message: 'domain reconciled', network: 'default' };
const counted = {
  _aws: { CloudWatchMetrics: [{ Dimensions: [['function', 'outcome']], Metrics: [{ Name: 'outcomes' }] }] },
  function: 'sync-domain',
  outcome: 'present',
  outcomes: 1,
};

test.each([{}, { outcome: 'present' }])('a line of the log counts what it tells: %p', (fields) => {
  expect(line('INFO', fields)).toMatchObject([{ ...told, ...counted }]);
});

test('a line of the log that says another outcome keeps it, and the count has a line of its own', () => {
  expect(line('INFO', { outcome: 'failed' })).toMatchObject([{ ...told, outcome: 'failed' }, counted]);
});

test('what is not logged is counted all the same', () => {
  const [only, ...others] = line('WARN');
  expect(only).toMatchObject(counted);
  expect(only).not.toHaveProperty('message');
  expect(others).toEqual([]);
});

test('the fields that make a line a metric are named, so that a reader can leave them out', () => {
  const names = new Set(['outcome', 'network']);
  const { metrics } = recorded();
  const fields = Object.keys(metrics.counted('crashed', { network: 'default', durationMs: 1 }));
  expect(new Set(fields.filter((name) => !names.has(name)))).toEqual(metricFields);
});
