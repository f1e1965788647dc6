import { describe, expect, test } from '@jest/globals';
import { logCertificate } from '../../../functions/queue/log-certificate.ts';
import type { CertificateResult } from '../../../lib/certificates/outcome/result.ts';
import type { CertificateFact } from '../../../lib/certificates/services.ts';
import { createLog } from '../../../lib/observability/log.ts';
import { RuncloudTimeout } from '../../../lib/runcloud/errors.ts';
import type { CertificateItem } from '../../../lib/sync/ledger/items/certificate-item.ts';
import { toInstant } from '../../../lib/sync/ledger/time.ts';
import { recordedMetrics } from '../../support/recorded-metrics.ts';
import { certificateItem, DOMAIN, MINUTE, NETWORK, NOW } from '../../support/sync/items.ts';

function told(fact: CertificateFact) {
  const lines: unknown[] = [];
  const { counted, metrics } = recordedMetrics();
  const log = createLog({ service: 'test', level: 'INFO', write: (line) => lines.push(JSON.parse(line)) });
  logCertificate(log, metrics)(fact);
  return { lines, counted };
}

const error = new RuncloudTimeout('RunCloud did not answer in time', { method: 'POST', path: '/ssl' });
function checked(
  result: CertificateResult,
  after: Partial<CertificateItem> = {},
  before: Partial<CertificateItem> = {},
) {
  const item = certificateItem({ revision: 7, ...before });
  return told({ kind: 'checked', item, result, settled: { kind: 'done', item: { ...item, ...after } } });
}

describe('a pass', () => {
  test.each<{ result: CertificateResult; says: object; counted?: object[] }>([
    {
      result: { kind: 'waiting-dns', reason: 'dns-none', fix: 'Add an A record' },
      says: { outcome: 'certificate-waiting-dns', reason: 'dns-none' },
    },
    {
      result: { kind: 'failing', error },
      says: { outcome: 'certificate-failing', code: 'runcloud-timeout', reason: error.message },
    },
    {
      result: { kind: 'troubled', error },
      says: { outcome: 'certificate-troubled', code: 'runcloud-timeout' },
    },
    {
      result: { kind: 'paused', until: NOW, code: 'paused', message: 'PAUSED is set' },
      says: { outcome: 'certificate-paused', code: 'paused', reason: 'PAUSED is set' },
    },
    {
      result: { kind: 'unverified', why: 'Silence' },
      says: { outcome: 'certificate-unverified', reason: 'Silence' },
    },
    ...(['week', 'registered-domain'] as const).map((limit) => ({
      result: { kind: 'waiting' as const, until: NOW, reason: 'order-budget' as const, limit, fix: 'Wait' },
      says: { outcome: 'certificate-waiting', reason: 'order-budget' },
      counted: [{ outcome: 'order-budget', network: NETWORK }],
    })),
    ...(['spacing', 'same-names', 'failures', 'account'] as const).map((limit) => ({
      result: { kind: 'waiting' as const, until: NOW, reason: 'order-budget' as const, limit, fix: 'Wait' },
      says: { outcome: 'certificate-waiting', reason: 'order-budget' },
    })),
    { result: { kind: 'requested', orderedAt: NOW }, says: { outcome: 'certificate-requested' } },
  ])(
    'that ended with $end.kind is one line and one count, and no alarm',
    ({ result, says, counted = [] }) => {
      const one = checked(result);
      expect(one.lines).toMatchObject([
        {
          level: 'INFO',
          message: 'certificate checked',
          network: NETWORK,
          domain: DOMAIN,
          revision: 7,
          status: 'done',
          ...says,
        },
      ]);
      expect(one.counted).toEqual([{ outcome: `certificate-${result.kind}`, network: NETWORK }, ...counted]);
    },
  );

  test('names the update that it answers, if an update raised the request', () => {
    const requested: CertificateResult = { kind: 'requested', orderedAt: NOW };
    const tell = (item: CertificateItem) =>
      told({ kind: 'checked', item, result: requested, settled: { kind: 'done', item } }).lines;
    const version = { timestamp: '2026-11-21T05:00:00.123Z', id: 'msg_7' };
    expect(tell(certificateItem({ version }))).toMatchObject([{ webhookId: 'msg_7' }]);
    expect(tell(certificateItem({ version: null }))).not.toMatchObject([{ webhookId: expect.anything() }]);
  });

  const failed: CertificateResult = {
    kind: 'failed',
    reason: 'name-limit',
    fix: 'Switch',
    error: { code: 'runcloud-refused', message: '101 names' },
  };

  test('that gave a certificate up warns once', () => {
    const { lines, counted } = checked(failed, { state: 'failed', deadLetteredRevision: 7 });
    expect(lines).toMatchObject([{ level: 'WARN', message: 'certificate given up', reason: 'name-limit' }]);
    expect(counted).toContainEqual({ outcome: 'certificate-given-up', network: NETWORK });
    expect(checked(failed, { state: 'failed' }).lines).toMatchObject([{ level: 'INFO' }]);
  });

  test('that only repeats a failure of hosting logs no warning', () => {
    expect(checked({ kind: 'hosting-failed', error: null }, { state: 'failed' }).lines).toMatchObject([
      { level: 'INFO', outcome: 'certificate-hosting-failed' },
    ]);
  });

  test('that saw the certificate arrive says how long it took', () => {
    const shown = { notBefore: NOW, notAfter: NOW + MINUTE, via: null };
    const after = { state: 'valid' as const, since: toInstant(NOW), askedAt: null };
    const { counted } = checked({ kind: 'valid', shown }, after, { askedAt: NOW - 2 * MINUTE });
    expect(counted).toEqual([{ outcome: 'certificate-valid', network: NETWORK, durationMs: 2 * MINUTE }]);
  });

  test('another worker’s now is logged as lost', () => {
    const { lines } = told({
      kind: 'checked',
      item: certificateItem(),
      result: { kind: 'later' },
      settled: { kind: 'lost' },
    });
    expect(lines).toMatchObject([{ outcome: 'certificate-later', status: 'lost' }]);
  });
});

test('a crash is an error, with the request it counts on', () => {
  const { lines, counted } = told({
    kind: 'crashed',
    item: certificateItem({ crashes: 2 }),
    error: new TypeError('a bug'),
  });
  expect(lines).toMatchObject([
    { level: 'ERROR', domain: DOMAIN, count: 2, error: { name: 'TypeError', message: 'a bug' } },
  ]);
  expect(counted).toEqual([{ outcome: 'crashed', network: NETWORK }]);
});

test('an order is one line and one count: how, for how many names, with which result', () => {
  const { lines, counted } = told({
    kind: 'ordered',
    network: NETWORK,
    names: 12,
    how: 'redeploy',
    outcome: 'unanswered',
    error,
  });
  expect(lines).toMatchObject([
    {
      level: 'INFO',
      message: 'certificate ordered',
      action: 'redeploy',
      outcome: 'order-unanswered',
      count: 12,
    },
  ]);
  expect(counted).toEqual([{ outcome: 'order-unanswered', network: NETWORK }]);
});

test.each(['paused', 'resumed'] as const)('a network that is %s is logged', (transition) => {
  const { lines, counted } = told({ kind: 'turned', network: NETWORK, transition });
  expect(lines).toMatchObject([{ level: 'WARN', message: `network ${transition}`, network: NETWORK }]);
  expect(counted).toEqual([{ outcome: `network-${transition}`, network: NETWORK }]);
});
