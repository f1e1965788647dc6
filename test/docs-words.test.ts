import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import type { ProblemType } from '../functions/http/problem.ts';
import { OUTCOMES } from '../functions/services/outcome-metric.ts';
import { itemSchemas } from '../lib/aws/item-schemas.ts';
import { certificateDelays } from '../lib/certificates/delays.ts';
import { OrderUnconfirmed } from '../lib/certificates/errors.ts';
import { nextState } from '../lib/certificates/outcome/next-state.ts';
import type { CertificateResult, ServedCertificate } from '../lib/certificates/outcome/result.ts';
import type { CertificateFact } from '../lib/certificates/services.ts';
import { checkNames } from '../lib/connection/check.ts';
import type { DnsReason } from '../lib/dns/gate.ts';
import { logMessages } from '../lib/observability/log-messages.ts';
import { keyPairSchema, settingsSchema, tokenSchema } from '../lib/settings/schema.ts';
import type { Acceptance } from '../lib/sync/ledger/desired-state.ts';
import type { NotBefore, WaitReason } from '../lib/sync/ledger/errors.ts';
import type { ParkingReason } from '../lib/sync/ledger/items/domain-item.ts';
import { HISTORY_EVENTS } from '../lib/sync/ledger/items/history.ts';
import { noticeKinds } from '../lib/sync/notices/codes.ts';
import type { TargetState } from '../lib/sync/reconcile/plan/plan.ts';
import { listStates } from '../lib/sync/status/list-domains.ts';
import { codeIn, pages, readPage, root } from './support/docs/pages.ts';
import { passedTo } from './support/docs/written-words.ts';
import { certificateItem, DAY, NOW } from './support/sync/items.ts';

const readme = readPage('README.md');
const api = readPage('docs/reference/api.md');
const states = readPage('docs/reference/states.md');
const logs = readPage('docs/reference/logs.md');
const connection = readPage('docs/reference/connection.md');
const certificates = readPage('docs/certificates.md');

/** The rows of a section, each as the values between backticks in its first cells. */
function rowsUnder(page: typeof readme, heading: string, cells = 1): string[][] {
  return page.rows
    .filter((row) => row.heading === heading)
    .map((row) => codeIn(row.cells.slice(0, cells).join(' ')));
}

function valuesUnder(page: typeof readme, heading: string): string[] {
  return rowsUnder(page, heading).flat();
}

/** The values that an item's schema allows at a path: the schema names them when it gets another value. */
function allowedAt(schema: z.core.$ZodType, path: readonly string[]): readonly unknown[] {
  const wrong = path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), 'none of them');
  const issue = z.safeParse(schema, wrong).error?.issues.find((found) => found.path.join() === path.join());
  return issue?.code === 'invalid_value' ? issue.values : [];
}

/** Every member of a union of literals: the type checker requires all of them, and no other. */
function all<T extends string>(members: Readonly<Record<T, true>>): string[] {
  return Object.keys(members);
}

type HostingReason = NonNullable<Extract<TargetState, { state: 'present' }>['reason'] | NotBefore['reason']>;
const hostingReasons = all<HostingReason>({
  'covered-by-wildcard': true,
  'served-by-apex': true,
  'protected-domain': true,
  'primary-domain': true,
  'grace-period': true,
  'removals-limited': true,
  'additions-limited': true,
});
const parkingReasons = all<ParkingReason>({
  'dns-none': true,
  'dns-mismatch': true,
  'dns-ipv6': true,
  'dns-caa': true,
  'dns-unanswered': true,
  'name-unsupported': true,
});
const dnsReasons = all<DnsReason>({
  'dns-none': true,
  'dns-mismatch': true,
  'dns-ipv6': true,
  'dns-caa': true,
  'dns-unanswered': true,
});
const problems = all<ProblemType>({
  'not-json': true,
  'bad-shape': true,
  'wrong-type': true,
  'bad-domain': true,
  'too-new': true,
  'too-old': true,
  'bad-query': true,
  unauthorized: true,
  'not-found': true,
  'too-large': true,
  'unsupported-media-type': true,
  'protected-domain': true,
  'internal-error': true,
  unavailable: true,
});

const error = { code: 'runcloud-refused', message: 'no', at: '2026-11-21T05:00:00.000Z' } as const;
function shown(daysLeft: number): ServedCertificate {
  return {
    notBefore: NOW - (90 - daysLeft) * DAY,
    notAfter: NOW + daysLeft * DAY,
    via: null,
  };
}
function waiting(reason: Extract<CertificateResult, { kind: 'waiting' }>['reason']): CertificateResult {
  return {
    kind: 'waiting',
    until: NOW,
    reason,
    fix: null,
  };
}
function failed(reason: Extract<CertificateResult, { kind: 'failed' }>['reason']): CertificateResult {
  return {
    kind: 'failed',
    reason,
    fix: 'Do this',
    error,
  };
}

/** Every result of a pass over a certificate. */
const results: Readonly<Record<CertificateResult['kind'], readonly CertificateResult[]>> = {
  closed: [{ kind: 'closed' }],
  left: [{ kind: 'left', until: NOW }],
  'hosting-failed': [{ kind: 'hosting-failed', error }],
  valid: [{ kind: 'valid', shown: shown(80) }],
  'waiting-dns': [],
  unverified: [{ kind: 'unverified', why: 'silence' }],
  requested: [{ kind: 'requested', orderedAt: NOW }],
  waiting: [waiting(null), waiting('held-by-name'), waiting('order-budget'), waiting('autossl')],
  later: [{ kind: 'later' }],
  troubled: [{ kind: 'troubled', error: new OrderUnconfirmed('no') }],
  failing: [{ kind: 'failing', error: new OrderUnconfirmed('no') }],
  failed: [
    failed('name-limit'),
    failed('custom-certificate'),
    failed('name-unsupported'),
    failed('order-failed'),
  ],
  held: [{ kind: 'held', until: NOW }],
  paused: [{ kind: 'paused', until: NOW, code: 'runcloud-unauthorized', message: 'no' }],
};

/** Every state that a result leads to, with its reason, as the code decides it. */
function certificateStates(): (readonly [state: string, reason: string | null])[] {
  const dnsEnds = dnsReasons.map((reason): readonly [string, string] => ['waiting-dns', reason]);
  const common = { now: NOW, delays: certificateDelays(60_000), random: () => 0 };
  const item = certificateItem({ state: 'pending', orderedAt: NOW });
  const found = Object.values(results).flatMap((each) =>
    each.flatMap((result) =>
      // No certificate is served, or one that expires soon.
      [result.kind === 'valid' ? result.shown : null, shown(5)].map((seen) => {
        const { state = item.state, reason = item.reason } = nextState(item, {
          ...common,
          result,
          shown: seen,
        });
        return [state, reason] as const;
      }),
    ),
  );
  return [...found, ...dnsEnds];
}

describe('the handbook has a row', () => {
  test('for every code', () => {
    const codes = allowedAt(itemSchemas.domain, ['lastError', 'code']);
    expect(codes.length).toBeGreaterThan(10);
    expect(valuesUnder(states, '`lastError.code`').toSorted()).toEqual([...codes].toSorted());
  });

  test('for every state of a domain, and every reason that is no code', () => {
    const allowed = allowedAt(itemSchemas.domain, ['state']);
    expect(allowed).toContain('present');
    expect(valuesUnder(states, '`hosting.state`').toSorted()).toEqual([...allowed].toSorted());
    const reasons = [...hostingReasons, ...parkingReasons];
    expect(valuesUnder(states, '`hosting.reason`').toSorted()).toEqual(reasons.toSorted());
  });

  test('for every state of a certificate', () => {
    const allowed = [...allowedAt(itemSchemas.certificate, ['state'])].toSorted();
    expect(allowed).toContain('waiting-dns');
    expect(valuesUnder(states, '`certificate.state`').toSorted()).toEqual(allowed);
    expect(valuesUnder(certificates, 'The states').toSorted()).toEqual(allowed);
  });

  test('for every reason of a certificate, with the state it comes with', () => {
    const pairs = certificateStates().filter(([, reason]) => reason !== null);
    expect(new Set(pairs.map(([, reason]) => reason)).size).toBeGreaterThan(10);
    const inHandbook = rowsUnder(states, '`certificate.state`', 2);
    const inPage = rowsUnder(certificates, 'Every reason, and its fix');
    const without = pairs.filter((pair) => {
      const isIn = (rows: string[][]) =>
        rows.some(([state, ...reasons]) => state === pair[0] && reasons.includes(pair[1] ?? ''));
      return !isIn(inHandbook) || !isIn(inPage);
    });
    expect(without).toEqual([]);
  });

  test('for every verdict about DNS', () => {
    const heading = 'What DNS says: `certificate.reason` of `waiting-dns`, and `live.dns.verdict`';
    expect(valuesUnder(states, heading).toSorted()).toEqual(['here', 'proxied', ...dnsReasons].toSorted());
  });

  test('for every check of the connection', () => {
    expect(valuesUnder(connection, 'Checks of the connection')).toEqual([...checkNames]);
  });
});

describe('the handbook has a row for what operators read', () => {
  const transitions = ['paused', 'resumed'];
  const ordered = all<Extract<CertificateFact, { kind: 'ordered' }>['outcome']>({
    accepted: true,
    unanswered: true,
    refused: true,
    undone: true,
  });
  const acceptances = all<Acceptance['status']>({ accepted: true, duplicate: true, superseded: true });

  test('in the history', () => {
    const entries = [...passedTo(/\bwithEntry\(/, 2), ...passedTo(/\bopenPatch\(/, 2)];
    const literal = entries.flatMap(({ texts }) => texts);
    const computed = entries.filter(({ texts }) => texts.length === 0).map(({ source }) => source);
    expect(valuesUnder(logs, 'History entries').toSorted()).toEqual(HISTORY_EVENTS.toSorted());
    expect(new Set(literal)).toEqual(new Set(HISTORY_EVENTS));
    // States, which have tables of their own, and the parameters of the two functions.
    expect(new Set(computed)).toEqual(
      new Set([
        'state',
        'next',
        'what',
        'what: HistoryEvent',
        'what: HistoryEvent | HostingState | CertificateState',
      ]),
    );
  });

  test('in the log', () => {
    const messages = passedTo(/\b(?:log|\w+Log)\.(?:debug|info|warn|error)\(/, 0).flatMap(({ texts }) =>
      texts.flatMap((text) =>
        text.startsWith('network ${') ? transitions.map((to) => `network ${to}`) : [text],
      ),
    );
    expect(new Set(messages)).toEqual(new Set(logMessages));
    expect(valuesUnder(logs, 'Log messages').toSorted()).toEqual([...logMessages].toSorted());
  });

  test('in the log, as every query on a page names it', () => {
    const named = pages.flatMap(({ text }) =>
      [...text.matchAll(/\bmessage = "([^"…]+)"/g)].map(([, one]) => one),
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((message) => !logMessages.some((one) => one === message))).toEqual([]);
  });

  test('in a notice', () => {
    expect(valuesUnder(logs, 'Notices').toSorted()).toEqual(Object.keys(noticeKinds).toSorted());
  });

  test('in the metric of outcomes', () => {
    const counted = passedTo(/\.count(?:ed)?\(/, 0);
    const members: Readonly<Record<string, readonly string[]>> = {
      certificate: Object.keys(results),
      order: ordered,
      network: transitions,
    };
    const named = counted.flatMap(({ texts }) =>
      texts.flatMap((text) => {
        const [, family] = /^(\w+)-\$\{/.exec(text) ?? [];
        return family === undefined ? [text] : (members[family] ?? []).map((member) => `${family}-${member}`);
      }),
    );
    const computed = counted.filter(({ texts }) => texts.length === 0).map(({ source }) => source);
    // The answer to an event, the type of a problem, and the result of a pass: an error's code or one of these.
    expect(computed.toSorted()).toEqual(['acceptance.status', 'countedAs(found.result)', 'problem.type']);
    const passes = all<TargetState['state'] | WaitReason | 'held'>({
      present: true,
      absent: true,
      parked: true,
      held: true,
      'grace-period': true,
      'removals-limited': true,
      'additions-limited': true,
    });
    expect(new Set(OUTCOMES)).toEqual(new Set([...acceptances, ...passes, ...named]));
    expect(valuesUnder(logs, 'Outcomes').toSorted()).toEqual(OUTCOMES.toSorted());
  });
});

describe('the page of the API and the README have a row', () => {
  test('for every problem', () => {
    const named = [...rowsUnder(api, 'Events in', 2), ...rowsUnder(api, 'Reads out', 2)].flat();
    expect(named).toEqual(expect.arrayContaining(problems));
  });

  test('for every key of the secret', () => {
    const keys = [settingsSchema, tokenSchema, keyPairSchema].flatMap(({ shape }) => Object.keys(shape));
    expect(valuesUnder(readme, 'The secret of a network').toSorted()).toEqual(keys.toSorted());
  });

  test('and a filter for every list of domains', () => {
    expect(api.text).toContain(`?state=${listStates.join('|')}`);
  });
});

test('the page of tests names the floor of each part of the gate', () => {
  const gate = readFileSync(join(root, '.ci', 'run'), 'utf8');
  const floors = [...gate.matchAll(/^ *tests \w+ (\d+) /gm)].map(([, floor]) => Number(floor));
  expect(floors).toHaveLength(3);
  const { text } = readPage('docs/testing.md');
  for (const floor of floors) expect(text).toContain(`${floor.toLocaleString('en')} of \`npm `);
});
