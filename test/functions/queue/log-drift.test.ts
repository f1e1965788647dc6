import { expect, test } from '@jest/globals';
import { logDrift } from '../../../functions/queue/log-drift.ts';
import { createLog } from '../../../lib/observability/log.ts';
import { RuncloudTimeout } from '../../../lib/runcloud/errors.ts';
import type { ComparisonReport } from '../../../lib/sync/drift/result.ts';
import type { Drift } from '../../../lib/sync/ledger/items/network-item.ts';
import { recordedMetrics } from '../../support/recorded-metrics.ts';
import { NETWORK, NOW } from '../../support/sync/items.ts';

const none = { count: 0, names: [] };
const drift: Drift = {
  at: '2026-11-21T05:00:00.000Z',
  missing: none,
  unwanted: none,
  unknown: none,
  dryRun: false,
};

function told(part: Partial<ComparisonReport>) {
  const lines: unknown[] = [];
  const { counted, metrics } = recordedMetrics();
  const log = createLog({ service: 'test', level: 'INFO', write: (line) => lines.push(JSON.parse(line)) });
  const report = { network: NETWORK, dueAt: NOW, begunAt: null, drift: null, error: null, transition: null };
  logDrift(log, metrics)({ ...report, singleRowsAt: null, calls: 3, paused: false, ...part });
  return { lines, counted: counted.map(({ outcome, network }) => [outcome, network]) };
}

test('a comparison is one line and one count: what it found, by how many calls', () => {
  const { lines, counted } = told({ drift });
  expect(lines).toMatchObject([
    {
      level: 'INFO',
      message: 'compared with RunCloud',
      network: NETWORK,
      missing: 0,
      unwanted: 0,
      unknown: 0,
      count: 3,
      outcome: 'healed',
    },
  ]);
  expect(counted).toEqual([['compared', NETWORK]]);
});

test('each name that needs a fix by hand is a warning, with how many there are', () => {
  const unwanted = { count: 1, names: ['gone.example'] };
  const unknown = { count: 12, names: ['a.example', 'b.example'] };
  const { lines, counted } = told({ drift: { ...drift, unwanted, unknown } });
  expect(lines.slice(1)).toMatchObject([
    { level: 'WARN', network: NETWORK, domain: 'gone.example', what: 'unwanted', count: 1 },
    { level: 'WARN', network: NETWORK, domain: 'a.example', what: 'unknown', count: 12 },
    { level: 'WARN', network: NETWORK, domain: 'b.example', what: 'unknown', count: 12 },
  ]);
  expect(counted).toEqual([
    ['compared', NETWORK],
    ['drift-extra', NETWORK],
  ]);
});

test('what is repaired is counted; a dry run says that it was not', () => {
  const missing = { count: 2, names: ['a.example', 'b.example'] };
  const { lines, counted } = told({ drift: { ...drift, missing, dryRun: true } });
  expect(lines).toMatchObject([{ level: 'INFO', missing: 2, outcome: 'dry-run' }]);
  expect(counted).toContainEqual(['drift-missing', NETWORK]);
});

test('one that broke off is a warning that says why, and a count of its own', () => {
  const error = new RuncloudTimeout('No answer in time', { method: 'GET', path: '/domains' });
  const { lines, counted } = told({ error });
  expect(lines).toMatchObject([{ level: 'WARN', network: NETWORK, code: 'runcloud-timeout', count: 3 }]);
  expect(counted).toEqual([['comparison-failed', NETWORK]]);
});

test('one that goes on, or is paused with its network, is a line and nothing to count', () => {
  expect(told({}).lines).toMatchObject([{ level: 'INFO', message: 'comparison goes on' }]);
  expect(told({ paused: true })).toMatchObject({ lines: [{ message: 'comparison deferred' }], counted: [] });
});

test('one that ends the pause of its network says so', () => {
  const { lines, counted } = told({ drift, transition: 'resumed' });
  expect(lines[0]).toMatchObject({ level: 'WARN', message: 'network resumed', network: NETWORK });
  expect(counted).toContainEqual(['network-resumed', NETWORK]);
});
