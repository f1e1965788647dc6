import { describe, expect, test } from '@jest/globals';
import { logDomain } from '../../../functions/queue/log-domain.ts';
import { createLog } from '../../../lib/observability/log.ts';
import { RuncloudTimeout } from '../../../lib/runcloud/errors.ts';
import type { DomainItem } from '../../../lib/sync/ledger/items/domain-item.ts';
import type { Settled } from '../../../lib/sync/ledger/work/settle.ts';
import { NO_OBSERVATIONS } from '../../../lib/sync/reconcile/converge/observations.ts';
import type { ReconcileResult } from '../../../lib/sync/reconcile/outcome/next-state.ts';
import type { ReconcileFindings } from '../../../lib/sync/reconcile/run.ts';
import { recordedMetrics } from '../../support/recorded-metrics.ts';
import { APP, DOMAIN, domainItem, NETWORK, NOW, row } from '../../support/sync/items.ts';

function foundWith(result: ReconcileResult, part: Partial<ReconcileFindings> = {}): ReconcileFindings {
  return {
    result,
    observations: NO_OBSERVATIONS,
    unanswered: false,
    app: APP,
    tellsOutcomes: true,
    calls: 2,
    place: null,
    transition: null,
    before: undefined,
    ...part,
  };
}

function told(found: ReconcileFindings, settled: Settled<DomainItem> = { kind: 'done', item: domainItem() }) {
  const lines: unknown[] = [];
  const { counted, metrics } = recordedMetrics();
  const log = createLog({ service: 'test', level: 'INFO', write: (line) => lines.push(JSON.parse(line)) });
  logDomain(log, metrics)({ item: domainItem({ revision: 7 }), found, settled });
  return { lines, counted };
}

const present: ReconcileResult = { kind: 'settled', target: { state: 'present', reason: null, row: row() } };
const paused: ReconcileResult = { kind: 'paused', until: NOW, code: 'runcloud-unauthorized', message: 'No' };

describe('every pass', () => {
  test('is one line and one count: which domain, by which update, with which result, how many calls', () => {
    const { lines, counted } = told(foundWith(present));
    expect(lines).toMatchObject([
      {
        level: 'INFO',
        message: 'domain reconciled',
        network: NETWORK,
        domain: DOMAIN,
        webhookId: domainItem().version.id,
        revision: 7,
        outcome: 'present',
        count: 2,
        status: 'done',
      },
    ]);
    expect(counted).toEqual([{ outcome: 'present', network: NETWORK }]);
  });

  const error = new RuncloudTimeout('RunCloud did not answer in time', { method: 'GET', path: '/domains' });
  const failed = foundWith({ kind: 'failed', error });

  test('that failed says why, is counted under its code, and is no alarm: it is tried again', () => {
    const { lines, counted } = told(failed);
    expect(lines).toMatchObject([
      {
        level: 'INFO',
        outcome: 'failed',
        code: 'runcloud-timeout',
        reason: expect.stringContaining('RunCloud did not answer in time'),
      },
    ]);
    expect(counted).toEqual([{ outcome: 'runcloud-timeout', network: NETWORK }]);
  });

  test('that gives its domain up is a warning, and a count of its own', () => {
    const { lines, counted } = told(failed, { kind: 'done', item: domainItem({ state: 'failed' }) });
    expect(lines).toMatchObject([{ level: 'WARN', message: 'domain given up', code: 'runcloud-timeout' }]);
    expect(counted).toEqual([
      { outcome: 'runcloud-timeout', network: NETWORK },
      { outcome: 'given-up', network: NETWORK },
    ]);
  });

  test.each(['again', 'lost'] as const)('says that it was settled as %s', (kind) => {
    expect(told(failed, { kind }).lines).toMatchObject([{ level: 'INFO', status: kind }]);
  });

  test('that was held is counted as held, and by the removal limit under a name of its own, for the alarm', () => {
    const { counted } = told(foundWith({ kind: 'held', until: NOW, reason: null }));
    expect(counted).toEqual([{ outcome: 'held', network: NETWORK }]);
    const limited = told(foundWith({ kind: 'held', until: NOW, reason: 'removals-limited' }));
    expect(limited.counted).toEqual([{ outcome: 'removals-limited', network: NETWORK }]);
  });
});

describe('a network', () => {
  test.each([
    ['paused', paused, 'runcloud-unauthorized'],
    ['resumed', present, undefined],
  ] as const)(
    'that has just %s is a line and a count of its own, for the alarm',
    (transition, result, code) => {
      const { lines, counted } = told(foundWith(result, { transition }));
      expect(lines).toHaveLength(2);
      expect(lines[1]).toMatchObject({ level: 'WARN', message: `network ${transition}`, network: NETWORK });
      if (code !== undefined) expect(lines[1]).toMatchObject({ code });
      expect(counted[1]).toEqual({ outcome: `network-${transition}`, network: NETWORK });
    },
  );

  test('that stays paused is no second alarm', () => {
    const { lines, counted } = told(foundWith(paused));
    expect(lines).toHaveLength(1);
    expect(counted).toEqual([{ outcome: 'runcloud-unauthorized', network: NETWORK }]);
  });
});
