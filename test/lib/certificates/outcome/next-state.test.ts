import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { nextState } from '../../../../lib/certificates/outcome/next-state.ts';
import type { CertificateResult, ServedCertificate } from '../../../../lib/certificates/outcome/result.ts';
import { RuncloudRefused } from '../../../../lib/runcloud/errors.ts';
import type { CertificateItem } from '../../../../lib/sync/ledger/items/certificate-item.ts';
import type { CertificateState } from '../../../../lib/sync/ledger/states.ts';
import { toInstant } from '../../../../lib/sync/ledger/time.ts';
import { timing } from '../../../support/certificates/certificate-world.ts';
import { certificateItem, DAY, DOMAIN, HOUR, MINUTE, NOW, SECOND } from '../../../support/sync/items.ts';

const error = new RuncloudRefused('RunCloud refused', { method: 'POST', path: '/ssl', status: 422 });
const shown: ServedCertificate = { notBefore: NOW - DAY, notAfter: NOW + 89 * DAY, via: null };
const expiring: ServedCertificate = { notBefore: NOW - 80 * DAY, notAfter: NOW + 10 * DAY, via: 'edge' };
function item(part: Partial<CertificateItem> = {}) {
  return certificateItem({ revision: 3, dueAt: NOW, sendAt: NOW, ...part });
}
function ended(
  from: Partial<CertificateItem>,
  result: CertificateResult,
  seen: ServedCertificate | null = null,
): CertificateItem {
  const stored = item(from);
  return {
    ...stored,
    ...nextState(stored, { result, shown: seen, now: NOW, delays: timing, random: () => 0.5 }),
  };
}

const results: Record<CertificateResult['kind'], CertificateResult> = {
  closed: { kind: 'closed' },
  left: { kind: 'left', until: NOW + MINUTE },
  'hosting-failed': { kind: 'hosting-failed', error: null },
  valid: { kind: 'valid', shown },
  'waiting-dns': { kind: 'waiting-dns', reason: 'dns-none', fix: 'Add an A record' },
  unverified: { kind: 'unverified', why: 'Nobody answered' },
  requested: { kind: 'requested', orderedAt: NOW },
  waiting: { kind: 'waiting', until: NOW + MINUTE, reason: 'held-by-name', fix: 'Mend it' },
  later: { kind: 'later' },
  troubled: { kind: 'troubled', error },
  failing: { kind: 'failing', error },
  failed: {
    kind: 'failed',
    reason: 'name-limit',
    fix: 'Switch',
    error: { code: 'runcloud-refused', message: '101 names' },
  },
  held: { kind: 'held', until: NOW + MINUTE },
  paused: { kind: 'paused', until: NOW + MINUTE, code: 'paused', message: 'PAUSED is set' },
};

describe('the state of a request after a pass', () => {
  test.each([
    { result: results.closed, state: 'none', reason: null },
    { result: results.left, state: 'pending', reason: null },
    { result: results['hosting-failed'], state: 'failed', reason: null },
    { result: results.valid, seen: shown, state: 'valid', reason: null },
    { result: results['waiting-dns'], state: 'waiting-dns', reason: 'dns-none' },
    { result: results['waiting-dns'], seen: expiring, state: 'valid', reason: 'expiring' },
    { result: results.requested, state: 'requested', reason: null },
    { result: results.requested, seen: expiring, state: 'valid', reason: 'expiring' },
    { result: results.waiting, state: 'pending', reason: 'held-by-name' },
    { result: results.waiting, seen: expiring, state: 'valid', reason: 'expiring' },
    { result: results.later, state: 'pending', reason: null },
    { result: results.failing, state: 'pending', reason: null },
    { result: results.failing, seen: expiring, state: 'valid', reason: 'expiring' },
    { result: results.failed, state: 'failed', reason: 'name-limit' },
    { result: results.failed, seen: expiring, state: 'failed', reason: 'name-limit' },
  ])('$end.kind, shown $seen.via: $state $reason', ({ result, seen = null, state, reason }) => {
    const item = ended({}, result, seen);
    expect(item).toMatchObject({ state, reason });
    expect(item.since).toBe(state === 'pending' ? '2026-11-21T05:00:00.200Z' : new Date(NOW).toISOString());
  });

  test.each(['left', 'troubled', 'held', 'paused'] as const)(
    '%s changes neither state nor reason',
    (kind) => {
      for (const state of ['waiting-dns', 'requested', 'valid', 'failed'] as const) {
        expect(ended({ state, reason: 'r', fix: 'f' }, results[kind])).toMatchObject({
          state,
          reason: 'r',
          fix: 'f',
        });
      }
    },
  );

  const inForce = {
    notBefore: new Date(NOW - DAY).toISOString(),
    notAfter: new Date(NOW + 80 * DAY).toISOString(),
  };
  test.each<{ from: Partial<CertificateItem>; state: CertificateState; reason: string | null; inMs: number }>(
    [
      { from: { state: 'valid', ...inForce }, state: 'valid', reason: null, inMs: HOUR },
      {
        from: { state: 'valid', ...inForce, notAfter: new Date(NOW - 1).toISOString() },
        state: 'requested',
        reason: 'unverified',
        inMs: 67.5 * SECOND,
      },
      {
        from: { state: 'requested', orderedAt: NOW - 20 * SECOND },
        state: 'requested',
        reason: 'unverified',
        inMs: 10 * SECOND,
      },
      {
        from: { state: 'pending', reason: 'order-budget', attempts: 2 },
        state: 'pending',
        reason: 'order-budget',
        inMs: 4.5 * MINUTE,
      },
      {
        from: { state: 'failed', reason: 'order-failed' },
        state: 'failed',
        reason: 'order-failed',
        inMs: 67.5 * SECOND,
      },
      { from: { state: 'waiting-dns' }, state: 'requested', reason: 'unverified', inMs: 67.5 * SECOND },
    ],
  )('silence leaves $from.state as $state $reason', ({ from, state, reason, inMs }) => {
    const next = ended(from, results.unverified);
    expect(next).toMatchObject({ state, reason, lastError: { code: 'runcloud-timeout' } });
    expect((next.dueAt ?? 0) - NOW).toBe(inMs);
  });
});

describe('giving up', () => {
  const spent = { waitedMs: 15 * HOUR, firstFailureAt: NOW - 15 * HOUR };

  test('counts the waits of failures, which end with the time for trying', () => {
    const next = ended({ attempts: 7, waitedMs: 14.5 * HOUR }, results.failing);
    expect(next).toMatchObject({
      state: 'pending',
      attempts: 8,
      waitedMs: 14.5 * HOUR,
      backoff: { since: NOW, until: NOW + HOUR / 2, counter: 'waitedMs' },
      dueAt: NOW + 30 * MINUTE,
    });
    expect(next.lastError).toMatchObject({ code: 'runcloud-refused' });
  });

  test('fails with one dead letter, due at once', () => {
    const next = ended(spent, results.failing);
    expect(next).toMatchObject({
      state: 'failed',
      reason: 'order-failed',
      deadLetteredRevision: 3,
      sendAt: NOW,
    });
    expect(next.toSend).toEqual([
      {
        kind: 'dead-letter',
        id: `demo/${DOMAIN}/certificate/3/dead-letter`,
        revision: 3,
        code: 'runcloud-refused',
        reason: error.message,
        firstFailureAt: NOW - 15 * HOUR,
        lastFailureAt: NOW,
      },
    ]);
  });

  test('again in the same try sends none, and checks daily', () => {
    const next = ended({ ...spent, state: 'failed', deadLetteredRevision: 3 }, results.failing);
    expect(next).toMatchObject({ state: 'failed', toSend: [], dueAt: NOW + DAY, sendAt: NOW + DAY });
    expect(ended({ state: 'failed', deadLetteredRevision: 3 }, results.failing)).toMatchObject({
      state: 'failed',
    });
  });

  test.each(['requested', 'waiting', 'later', 'failing', 'unverified'] as const)(
    'a name that has room again and is %s is a new try; so is nothing that failed otherwise',
    (kind) => {
      const told = { ...spent, state: 'failed' as const, deadLetteredRevision: 3 };
      expect(ended({ ...told, reason: 'name-limit' }, results[kind]).revision).toBe(4);
      expect(ended({ ...told, reason: 'order-failed' }, results[kind]).revision).toBe(3);
    },
  );

  test.each([
    { title: 'valid', from: {}, result: results.valid, revision: 4 },
    {
      title: 'within the name limit',
      from: { reason: 'name-limit' },
      result: results.requested,
      revision: 4,
    },
    {
      title: 'over the name limit still',
      from: { reason: 'name-limit' },
      result: results.failed,
      revision: 3,
    },
    { title: 'waiting for DNS', from: {}, result: results['waiting-dns'], revision: 3 },
    { title: 'ordered by a daily look', from: {}, result: results.requested, revision: 3 },
  ])('what had failed and is $title stands at revision $revision', ({ from, result, revision }) => {
    const seen = result.kind === 'valid' ? shown : null;
    const before = {
      ...spent,
      state: 'failed' as const,
      reason: 'order-failed',
      deadLetteredRevision: 3,
      ...from,
    };
    expect(ended(before, result, seen).revision).toBe(revision);
  });

  test('an order-budget counts only where failures have spent it', () => {
    const budget: CertificateResult = {
      kind: 'waiting',
      until: NOW + 7 * DAY,
      reason: 'order-budget',
      fix: 'Wait',
    };
    expect(ended({}, budget)).toMatchObject({ waitedMs: 0, dueAt: NOW + 7 * DAY, state: 'pending' });
    expect(ended({ firstFailureAt: NOW - HOUR }, budget)).toMatchObject({ waitedMs: 0 });
    const lastError = { code: 'runcloud-refused' as const, message: 'No', at: '2026-11-21T05:00:00.000Z' };
    expect(ended({ lastError }, budget)).toMatchObject({ waitedMs: 0 });
    const failing = { firstFailureAt: NOW - HOUR, lastError, waitedMs: HOUR };
    expect(ended(failing, budget)).toMatchObject({
      waitedMs: HOUR,
      backoff: { since: NOW, until: NOW + 14 * HOUR, counter: 'waitedMs' },
      dueAt: NOW + 14 * HOUR,
      state: 'pending',
    });
    expect(ended({ ...failing, waitedMs: 15 * HOUR }, budget)).toMatchObject({
      state: 'failed',
      reason: 'order-failed',
      fix: expect.stringMatching(/^RunCloud refuses .* the relay checks again daily/),
      deadLetteredRevision: 3,
    });
  });

  test.each(['registered-domain', 'account'] as const)(
    'an order-budget that others have spent counts for nothing: %s',
    (limit) => {
      const budget: CertificateResult = {
        kind: 'waiting',
        until: NOW + 7 * DAY,
        reason: 'order-budget',
        limit,
        fix: 'Wait',
      };
      const lastError = { code: 'runcloud-refused' as const, message: 'No', at: '2026-11-21T05:00:00.000Z' };
      const failing = { firstFailureAt: NOW - HOUR, lastError, waitedMs: 15 * HOUR };
      expect(ended(failing, budget)).toMatchObject({
        state: 'pending',
        reason: 'order-budget',
        waitedMs: 15 * HOUR,
        dueAt: NOW + 7 * DAY,
        toSend: [],
      });
    },
  );

  test.each(['registered-domain', 'account', 'week'] as const)(
    'beside the failure of an order, `fix` says what to do about that, whichever limit is spent: %s',
    (limit) => {
      const fix = 'Nothing is to be done';
      const budget: CertificateResult = {
        kind: 'waiting',
        until: NOW + 7 * DAY,
        reason: 'order-budget',
        limit,
        fix,
      };
      const lastError = { code: 'runcloud-refused' as const, message: 'No', at: '2026-11-21T05:00:00.000Z' };
      const failing = { firstFailureAt: NOW - HOUR, lastError };
      expect(ended(failing, { ...budget, failedFix: 'Check the firewall' })).toMatchObject({
        state: 'pending',
        reason: 'order-budget',
        fix: 'Check the firewall',
      });
      expect(ended({}, budget)).toMatchObject({ fix });
    },
  );

  describe('limits that failed orders have spent', () => {
    const failure = { code: 'runcloud-refused' as const, message: 'The order could not be completed.' };
    const budget: CertificateResult = {
      kind: 'waiting',
      until: NOW + 7 * DAY,
      reason: 'order-budget',
      limit: 'same-names',
      fix: null,
      failure,
    };
    const at = '2026-11-21T04:00:00.000Z';
    const limited = { code: 'runcloud-rate-limited' as const, message: 'Too many calls', at };

    test.each([
      ['that is tried still', { waitedMs: 0 }, 'pending'],
      ['that was given up', { waitedMs: 15 * HOUR }, 'failed'],
    ])('are explained by the last of these orders, for a request %s', (_, part, state) => {
      const next = ended({ firstFailureAt: NOW - HOUR, lastError: limited, ...part }, budget);
      expect(next).toMatchObject({ state, lastError: { ...failure, at: toInstant(NOW) } });
    });

    test('leave the error that is told already', () => {
      const lastError = { ...failure, at };
      expect(ended({ firstFailureAt: NOW - HOUR, lastError }, budget)).toMatchObject({ lastError });
    });

    test('are no failure of a request that has had none', () => {
      expect(ended({ lastError: null }, budget).lastError).toBeNull();
    });
  });

  test('AutoSSL has its time from when it alone is waited for', () => {
    const autossl: CertificateResult = { kind: 'waiting', until: NOW + MINUTE, reason: 'autossl', fix: null };
    const since = NOW - HOUR;
    expect(ended({ reason: 'held-by-name', readySince: since }, autossl).readySince).toBe(NOW);
    expect(ended({ reason: 'autossl', readySince: since }, autossl).readySince).toBe(since);
  });

  test('an order that was waited for is marked as failed', () => {
    const order = {
      at: NOW - HOUR,
      set: 'a',
      how: 'install' as const,
      failed: false,
      refused: false,
      error: null,
      includedUnready: [],
    };
    const next = ended({ orders: [order], orderedAt: NOW - HOUR }, results.failing);
    expect(next).toMatchObject({ orderedAt: null, orders: [{ failed: true }] });
  });
});

test('what is waited for a customer’s DNS counts neither towards what came before nor what comes after', () => {
  const waited = ended({ attempts: 5, waitedMs: HOUR, firstFailureAt: NOW - HOUR }, results['waiting-dns']);
  expect(waited).toMatchObject({
    attempts: 1,
    waitedMs: 0,
    firstFailureAt: null,
    backoff: { since: NOW, until: NOW + 67.5 * SECOND, counter: 'waitedMs' },
  });
  const again = ended({ state: 'waiting-dns', attempts: 1, waitedMs: HOUR }, results['waiting-dns']);
  expect(again).toMatchObject({ attempts: 2, waitedMs: HOUR, dueAt: NOW + 135 * SECOND });
  const ready = ended({ state: 'waiting-dns', attempts: 9, waitedMs: 15 * HOUR }, results.failing);
  expect(ready).toMatchObject({ state: 'pending', attempts: 1 });
});

test.each(['requested', 'waiting', 'later', 'failing', 'unverified'] as const)(
  'once DNS is right a request that is %s has all its time before it',
  (kind) => {
    const next = ended({ state: 'waiting-dns', attempts: 9, waitedMs: 15 * HOUR }, results[kind]);
    expect(next.waitedMs).toBeLessThan(HOUR);
    expect(next.attempts).toBeLessThanOrEqual(1);
  },
);

test.each(['later', 'unverified', 'troubled', 'failing'] as const)('%s counts one more try', (kind) => {
  expect(ended({ attempts: 2 }, results[kind]).attempts).toBe(3);
});

test('a name is ready since it was first found so', () => {
  for (const result of [results.requested, results.waiting]) {
    expect(ended({}, result).readySince).toBe(NOW);
    expect(ended({ readySince: NOW - HOUR }, result).readySince).toBe(NOW - HOUR);
  }
});

test('however long RunCloud asks for, a good certificate is checked again within four hours', () => {
  const asked = { method: 'GET', path: '/ssl', status: 422, retryAfterMs: 30 * DAY };
  const troubled: CertificateResult = { kind: 'troubled', error: new RuncloudRefused('Later', asked) };
  expect(ended({ state: 'valid' }, troubled).dueAt).toBe(NOW + 4 * HOUR);
});

test('a closed request still owes its dead letter, and is remembered for 32 days', () => {
  const deadLetter = {
    kind: 'dead-letter' as const,
    id: 'id',
    revision: 3,
    code: 'runcloud-refused' as const,
    reason: 'No',
    firstFailureAt: NOW,
    lastFailureAt: NOW,
  };
  const next = ended({ toSend: [deadLetter] }, results.closed);
  expect(next).toMatchObject({ dueAt: null, sendAt: NOW, toSend: [deadLetter] });
  expect(next.expiresAt).toBe(Math.ceil((NOW + 32 * DAY) / SECOND));
});

test('whatever a pass ends with, an open request is due later with a message for then, and a closed one has no work', () => {
  const froms = fc.record({
    state: fc.constantFrom<CertificateState>('pending', 'waiting-dns', 'requested', 'valid', 'failed'),
    attempts: fc.nat(200),
    waitedMs: fc.nat(20 * DAY),
    orderedAt: fc.option(fc.integer({ min: NOW - 8 * DAY, max: NOW })),
    deadLetteredRevision: fc.option(fc.constantFrom(2, 3)),
    readySince: fc.option(fc.integer({ min: NOW - 8 * DAY, max: NOW })),
  });
  fc.assert(
    fc.property(
      froms,
      fc.constantFrom(...Object.values(results)),
      fc.constantFrom(null, expiring),
      (from, result, seen) => {
        const next = ended(from, result, result.kind === 'valid' ? shown : seen);
        if (result.kind === 'closed') {
          expect(next).toMatchObject({
            wanted: false,
            dueAt: null,
            sendAt: null,
            expiresAt: expect.any(Number),
          });
          return;
        }
        expect(next.dueAt).toBeGreaterThan(NOW);
        expect(next.sendAt).toBe(next.toSend.length > 0 ? NOW : next.dueAt);
        const fails = next.state === 'failed' && from.state !== 'failed' && result.kind !== 'hosting-failed';
        if (fails) expect(next.deadLetteredRevision).toBe(next.revision);
        expect(next.revision).toBeGreaterThanOrEqual(3);
      },
    ),
  );
});
