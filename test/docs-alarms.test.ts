import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { receive } from '../functions/domain-removed.ts';
import { logCertificate } from '../functions/queue/log-certificate.ts';
import { logDeferred, logFailedMessage, logUnsent } from '../functions/queue/log-deferred.ts';
import { logDomain } from '../functions/queue/log-domain.ts';
import type { ApiServices } from '../functions/services/api.ts';
import { reportingLedger } from '../functions/services/reporting-ledger.ts';
import { template } from '../infra/alarms.js';
import type { CertificateResult } from '../lib/certificates/outcome/result.ts';
import type { CertificateFact } from '../lib/certificates/services.ts';
import { Unavailable } from '../lib/errors.ts';
import { createLog, type Log, lineFields } from '../lib/observability/log.ts';
import { logMessages } from '../lib/observability/log-messages.ts';
import { RuncloudRefused } from '../lib/runcloud/errors.ts';
import type { DomainItem } from '../lib/sync/ledger/items/domain-item.ts';
import { domainKey } from '../lib/sync/ledger/keys.ts';
import { NO_OBSERVATIONS } from '../lib/sync/reconcile/converge/observations.ts';
import type { ReconcileResult } from '../lib/sync/reconcile/outcome/next-state.ts';
import type { ReconcileReport } from '../lib/sync/reconcile/reconcile.ts';
import { memoryLedger } from './doubles/ledger.ts';
import { answer, apiWorld, nowMs, otherSecret, signedCall } from './support/api/api-world.ts';
import { comparisonsIn, finds, textsOf } from './support/aws/insights-filter.ts';
import { codeIn, readPage } from './support/docs/pages.ts';
import { silentMetrics } from './support/silent-log.ts';
import { certificateItem, DOMAIN, domainItem, NETWORK, NOW } from './support/sync/items.ts';

const lineSchema = z.record(z.string(), z.unknown());

const rows = readPage('docs/reference/alarms.md')
  .rows.filter(({ cells }) => cells.length === 6)
  .slice(2)
  .map(({ cells: [name = '', severity = '', , query = '', command = ''] }) => ({
    name: codeIn(name)[0] ?? '',
    severity,
    query: codeIn(query)[0] ?? '',
    command: codeIn(command)[0] ?? '',
  }));

const alarms = Object.values(template.Resources).map(({ Properties }) => {
  const [severity = ''] = Properties.AlarmDescription.split(':');
  return { name: Properties.AlarmName.split('}-').at(-1) ?? '', severity };
});

describe('docs/reference/alarms.md', () => {
  test('has a row for every alarm, with the severity that the mail names, worst first', () => {
    const found = rows.map(({ name, severity }) => ({ name, severity }));
    expect(new Set(found)).toEqual(new Set(alarms));
    expect(found).toHaveLength(alarms.length);
    const order = ['critical', 'high', 'low'];
    const ranks = found.map(({ severity }) => order.indexOf(severity));
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
  });

  test.each(rows)('the query of $name names fields and messages of the log', ({ query, command }) => {
    const comparisons = comparisonsIn(query);
    const fields = comparisons.map(({ field }) => field).filter((field) => field !== '@message');
    expect(fields.filter((field) => !lineFields.includes(field))).toEqual([]);
    const messages = comparisons.filter(({ field }) => field === 'message').flatMap(textsOf);
    expect(messages.filter((message) => !logMessages.some((one) => one === message))).toEqual([]);
    expect(command).toMatch(/^relay /);
  });
});

interface Written {
  readonly alarm: string;
  /** Does what the alarm counts. */
  readonly happen: (log: Log) => unknown;
}

/** What a pass over a domain reports. */
function pass(
  result: ReconcileResult,
  { state = 'pending', transition = null }: Partial<Pass> = {},
): ReconcileReport {
  const item = domainItem();
  const found = {
    result,
    observations: NO_OBSERVATIONS,
    unanswered: false,
    app: undefined,
    tellsOutcomes: true,
    calls: 1,
    place: null,
    transition,
    before: undefined,
  };
  return { item, found, settled: { kind: 'done', item: { ...item, state } } };
}
interface Pass {
  readonly state: DomainItem['state'];
  readonly transition: 'paused' | null;
}

function certificatePass(result: CertificateResult, deadLetteredRevision: number | null): CertificateFact {
  const item = certificateItem();
  return {
    kind: 'checked',
    item,
    result,
    settled: { kind: 'done', item: { ...item, deadLetteredRevision } },
  };
}

const refused = new RuncloudRefused('RunCloud refused the domain', { method: 'POST', path: '/domains' });
const away = new Unavailable('ledger');
const crash = new TypeError('a bug');
const body = JSON.stringify({
  type: 'domain.removed',
  timestamp: new Date(nowMs).toISOString(),
  data: { domain: DOMAIN },
});
function call(log: Log, secrets?: readonly string[], queue?: ApiServices['queue']) {
  const { services } = apiWorld({ log, ...(queue && { queue }) });
  return answer(receive, signedCall('domain-removed', { body, ...(secrets && { secrets }) }), services);
}
const waiting = { kind: 'waiting', until: NOW, reason: 'order-budget', limit: 'week', fix: 'Wait' } as const;

const written: readonly Written[] = [
  { alarm: 'api-faults', happen: (log) => call(log, undefined, { send: () => Promise.reject(away) }) },
  {
    alarm: 'unavailable',
    happen: (log) => logDeferred(log, silentMetrics)({ network: NETWORK, domain: DOMAIN }, away),
  },
  { alarm: 'removals', happen: (log) => call(log) },
  {
    alarm: 'removals-limited',
    happen: (log) =>
      logDomain(log, silentMetrics)(pass({ kind: 'held', until: NOW, reason: 'removals-limited' })),
  },
  {
    alarm: 'additions-limited',
    happen: (log) =>
      logDomain(log, silentMetrics)(pass({ kind: 'held', until: NOW, reason: 'additions-limited' })),
  },
  {
    alarm: 'network-paused',
    happen: (log) =>
      logDomain(
        log,
        silentMetrics,
      )(pass({ kind: 'paused', until: NOW, code: 'paused', message: 'PAUSED' }, { transition: 'paused' })),
  },
  { alarm: 'message-failures', happen: (log) => logFailedMessage(log, silentMetrics)(crash, 'message-1') },
  {
    alarm: 'message-failures',
    happen: (log) =>
      logCertificate(log, silentMetrics)({ kind: 'crashed', item: certificateItem(), error: crash }),
  },
  {
    alarm: 'dead-letters-unsent',
    happen: (log) =>
      logUnsent(log, silentMetrics)({ network: NETWORK, domain: DOMAIN, id: 'a/b/3/dead-letter' }, away),
  },
  {
    alarm: 'unreadable-item',
    happen: async (log) => {
      const ledger = memoryLedger();
      const key = domainKey(NETWORK, DOMAIN);
      ledger.put(key, domainItem());
      await ledger.spoil(key);
      await expect(reportingLedger(ledger, log, silentMetrics).read(key)).rejects.toThrow();
    },
  },
  {
    alarm: 'dead-letters',
    happen: (log) =>
      logDomain(log, silentMetrics)(pass({ kind: 'failed', error: refused }, { state: 'failed' })),
  },
  {
    alarm: 'certificate-dead-letters',
    happen: (log) =>
      logCertificate(log, silentMetrics)(certificatePass({ kind: 'failing', error: refused }, 7)),
  },
  {
    alarm: 'quota',
    happen: (log) => logDomain(log, silentMetrics)(pass({ kind: 'held', until: NOW, reason: null })),
  },
  { alarm: 'unauthorized', happen: (log) => call(log, [otherSecret]) },
  { alarm: 'api-refusals', happen: (log) => call(log, [otherSecret]) },
  {
    alarm: 'order-budget',
    happen: (log) => logCertificate(log, silentMetrics)(certificatePass(waiting, null)),
  },
];

test.each(written)('the query of $alarm finds the line that the code writes', async ({ alarm, happen }) => {
  const lines: string[] = [];
  await happen(createLog({ service: 'runcloud-relay', level: 'INFO', write: (line) => lines.push(line) }));
  const { query = '' } = rows.find(({ name }) => name === alarm) ?? {};
  expect(lines.filter((line) => finds(query, lineSchema.parse(JSON.parse(line))))).toHaveLength(1);
});
